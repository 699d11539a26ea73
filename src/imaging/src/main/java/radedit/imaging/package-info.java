/** Films and masks: reading, resampling, writing. */
package radedit.imaging;
