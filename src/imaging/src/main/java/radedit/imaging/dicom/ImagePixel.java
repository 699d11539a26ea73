package radedit.imaging.dicom;

import java.util.Set;

import radedit.imaging.ImageFormatException;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.Photometric;

/**
 * A data set's description of its pixel cells (PS3.3 C.7.6.3, PS3.5 section 8), validated.
 *
 * @param samples
 *            samples per pixel, 1 or 3
 * @param interpretation
 *            Photometric Interpretation as written
 * @param planar
 *            whether each colour is a plane of its own
 */
record ImagePixel(int frames, int rows, int columns, int samples, String interpretation, boolean planar,
        int bitsAllocated, int bitsStored, int highBit, boolean signed) {
    private static final Set<Integer> CELLS = Set.of(1, 8, 16, 32);
    private static final int MAX_SIDE = 0xFFFF;

    /**
     * Reads and checks the description. Elements that are missing or malformed get the value that nearly all films have,
     * with a warning, where there is such a value.
     *
     * @throws ImageFormatException
     *            if an element is missing, or elements contradict each other
     */
    static ImagePixel of(DataSet d) throws ImageFormatException {
        String interpretation = d.text(Tag.PHOTOMETRIC_INTERPRETATION).toUpperCase(java.util.Locale.ROOT);
        if (interpretation.isEmpty()) {
            throw new ImageFormatException(d.file(), "has no " + Tag.PHOTOMETRIC_INTERPRETATION);
        }
        boolean grey = interpretation.startsWith("MONOCHROME") || interpretation.startsWith("PALETTE");
        int samples = usual(d, Tag.SAMPLES_PER_PIXEL, grey ? 1 : 3);
        int bits = d.required(Tag.BITS_ALLOCATED);
        int stored = usual(d, Tag.BITS_STORED, bits);
        int sign = usual(d, Tag.PIXEL_REPRESENTATION, 0);
        if (sign != 0 && sign != 1) {
            d.warnings().add(Tag.PIXEL_REPRESENTATION + " is " + sign + "; values are read as unsigned");
        }
        ImagePixel p = new ImagePixel(frames(d), d.required(Tag.ROWS), d.required(Tag.COLUMNS), samples,
                interpretation, samples > 1 && usual(d, Tag.PLANAR_CONFIGURATION, 0) == 1, bits, stored,
                highBit(d, bits, stored), sign == 1);
        p.check(d);
        return p;
    }

    private static int usual(DataSet d, Tag tag, int value) throws ImageFormatException {
        if (!d.has(tag)) {
            d.warnings().add("has no " + tag + "; " + value + " is used");
        }
        return d.integer(tag, value);
    }

    /** Number of frames; 1 if the element is missing or 0. A malformed one is an error. */
    private static int frames(DataSet d) throws ImageFormatException {
        boolean said = d.has(Tag.NUMBER_OF_FRAMES) && !d.shown(Tag.NUMBER_OF_FRAMES).isBlank();
        int frames = said ? d.required(Tag.NUMBER_OF_FRAMES) : 1;
        if (frames == 0) {
            d.warnings().add(Tag.NUMBER_OF_FRAMES + " is 0; 1 is used");
        }
        return frames == 0 ? 1 : frames;
    }

    /** High Bit; Bits Stored - 1 if High Bit is invalid. pydicom and GDCM always take the lowest bits. */
    private static int highBit(DataSet d, int allocated, int stored) throws ImageFormatException {
        int high = d.integer(Tag.HIGH_BIT, stored - 1);
        if (high >= stored - 1 && high < allocated) {
            return high;
        }
        d.warnings().add(Tag.HIGH_BIT + " is " + high + ", which cannot be combined with " + stored + " bits stored of "
                + allocated + "; bits 0 to " + (stored - 1) + " are used");
        return stored - 1;
    }

    private void check(DataSet d) throws ImageFormatException {
        String fault = null;
        if (rows < 1 || rows > MAX_SIDE || columns < 1 || columns > MAX_SIDE || frames < 1) {
            fault = rows + " rows, " + columns + " columns and " + frames + " frames";
        } else if (!CELLS.contains(bitsAllocated)) {
            fault = bitsAllocated + " bits allocated; 1, 8, 16 and 32 are read";
        } else if (bitsStored < 1 || bitsStored > bitsAllocated) {
            fault = bitsStored + " bits stored of " + bitsAllocated + " allocated";
        } else if (samples != photometric(d).samples()) {
            fault = samples + " samples per pixel of " + interpretation;
        } else if (isLuminance() && bitsAllocated != 8) {
            fault = interpretation + " of " + bitsAllocated + " bits";
        }
        if (fault != null) {
            throw new ImageFormatException(d.file(), "has " + fault);
        }
    }

    /** How samples are displayed after colours are converted to RGB. */
    Photometric photometric(DataSet d) throws ImageFormatException {
        return switch (interpretation) {
            case "MONOCHROME1" -> Photometric.MONOCHROME1;
            case "MONOCHROME2" -> Photometric.MONOCHROME2;
            case "PALETTE COLOR" -> Photometric.PALETTE_COLOR;
            case "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT" -> Photometric.RGB;
            default -> throw new ImageFormatException(d.file(),
                    "has the " + Tag.PHOTOMETRIC_INTERPRETATION + " '"
                            + interpretation.substring(0, Math.min(40, interpretation.length()))
                            + "', which is not supported");
        };
    }

    /** Whether samples are luminance and chrominance of full range (PS3.3 C.7.6.3.1.2). */
    boolean isLuminance() {
        return interpretation.startsWith("YBR_FULL");
    }

    /** Whether pairs of pixels share their chrominance: Y1 Y2 Cb Cr. */
    boolean isSubsampled() {
        return interpretation.equals("YBR_FULL_422");
    }

    Depth depth() {
        return new Depth(bitsStored, signed);
    }

    /** Samples of a frame after colours are converted to RGB. */
    long frameSize() {
        return (long) rows * columns * samples;
    }

    /**
     * A description in words.
     *
     * @param highest
     *            the highest bit of the values
     */
    String cells(int highest) {
        return bitsStored + " of " + bitsAllocated + " bits stored, the highest is bit " + highest + ", "
                + (signed ? "signed" : "unsigned") + " (PS3.5 8.1.1)";
    }
}
