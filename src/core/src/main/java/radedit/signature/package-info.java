/** Keys, signatures, and signatures of models in the format of the OpenSSF. */
@NullMarked
package radedit.signature;

import org.jspecify.annotations.NullMarked;
