/** Certificates: what a run made and with what, in a folder that can be checked later and elsewhere. */
@NullMarked
package radedit.certificate;

import org.jspecify.annotations.NullMarked;
