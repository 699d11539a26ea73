/** Numerical audits: running single networks on given tensors, tracing their inner values, comparing results. */
package radedit.audit;
