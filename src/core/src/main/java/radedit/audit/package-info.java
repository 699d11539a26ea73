/** Numerical audits: runs single networks on given tensors, records their inner values and compares results. */
@NullMarked
package radedit.audit;

import org.jspecify.annotations.NullMarked;
