/**
 * The default backend: single precision through the Vector API, on all cores. The only package that names
 * {@code jdk.incubator.vector}.
 *
 * <p>
 * Results do not depend on the number of threads nor on the batch size: work is split by rows and columns of the
 * result, never by the terms of a sum, or the parts of a sum have a fixed size.
 */
package radedit.exec.cpu;
