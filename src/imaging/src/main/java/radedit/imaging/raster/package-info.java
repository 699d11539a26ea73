/**
 * Files of pictures: PNG, JPEG, JPEG 2000, TIFF, GIF, BMP. The JDK decodes PNG, GIF, BMP and JPEG of 8 bits; JPEG of other
 * depths and JPEG 2000 go to imaging.codec.
 */
package radedit.imaging.raster;
