/** The reference of audits: every operation in double precision, in plain loops that follow its definition. */
package radedit.exec.reference;
