/** Films, pictures and masks: reading, resampling, writing. */
@NullMarked
package radedit.imaging;

import org.jspecify.annotations.NullMarked;
