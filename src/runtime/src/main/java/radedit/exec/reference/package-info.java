/**
 * The reference of audits: every operation in double precision, in plain loops that follow its definition; and the same
 * loops with every result rounded at random, which shows how many digits single precision supports.
 */
@NullMarked
package radedit.exec.reference;

import org.jspecify.annotations.NullMarked;
