/**
 * Decoders for the compressed pixel data of DICOM: one frame's codestream in, integers out. {@code FrameDecoders} is the
 * entry point; every other class belongs to one family, by its prefix: {@code Rle*}, {@code Jpeg*} (ITU-T T.81),
 * {@code JpegLs*} (ITU-T T.87) and {@code J2k*} (ITU-T T.800, JPEG 2000 Part 1).
 */
@NullMarked
package radedit.imaging.codec;

import org.jspecify.annotations.NullMarked;
