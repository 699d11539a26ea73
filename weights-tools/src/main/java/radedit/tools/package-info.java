/** Tools for checkpoints: listing, checking and converting them. */
@NullMarked
package radedit.tools;

import org.jspecify.annotations.NullMarked;
