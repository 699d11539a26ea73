/** The reference of audits: every operation in double precision, in plain loops that follow its definition. */
@NullMarked
package radedit.exec.reference;

import org.jspecify.annotations.NullMarked;
