/** Films, pictures and masks: reading, resampling, writing. */
package radedit.imaging;
