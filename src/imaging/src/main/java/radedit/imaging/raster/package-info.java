/**
 * Reads picture files: PNG, JPEG, JPEG 2000, TIFF, GIF, BMP. The JDK decodes PNG, GIF, BMP and JPEG of 8 bits; JPEG of other
 * depths and JPEG 2000 are decoded by imaging.codec.
 */
@NullMarked
package radedit.imaging.raster;

import org.jspecify.annotations.NullMarked;
