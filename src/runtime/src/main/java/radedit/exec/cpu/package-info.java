/**
 * The default backend: single precision through the Vector API, on all cores. The only package that names
 * {@code jdk.incubator.vector}.
 *
 * <p>
 * Results do not depend on the number of threads or the batch size: work is split by rows and columns of the result,
 * not by the terms of a sum; where a sum is split, its parts have a fixed size.
 */
@NullMarked
package radedit.exec.cpu;

import org.jspecify.annotations.NullMarked;
