/** Numerical audits: runs single networks on given tensors, records their inner values and compares results. */
package radedit.audit;
