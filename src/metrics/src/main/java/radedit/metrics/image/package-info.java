/**
 * How much a picture has changed. A grey picture is {@code [height * width]}, row by row, in any unit; a mask has the same length and is
 * true inside.
 */
@NullMarked
package radedit.metrics.image;

import org.jspecify.annotations.NullMarked;
