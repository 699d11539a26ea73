package radedit.imaging.raster;

import java.io.IOException;
import java.nio.ByteOrder;

/**
 * Undoes predictors: differences to the sample to the left (TIFF 6.0, section 14), or, for floating-point numbers,
 * differences of bytes sorted by significance (Adobe Photoshop TIFF Technical Note 3).
 */
final class TiffPredictor {
    private static final int NONE = 1;
    private static final int HORIZONTAL = 2;
    private static final int FLOATING_POINT = 3;

    private TiffPredictor() {
    }

    /** Refuses unknown predictors, and those that do not apply to a page's samples. */
    static void check(TiffPage p) throws IOException {
        boolean bytes = p.bits() == 8 || p.bits() == 16 || p.bits() == 32 || p.bits() == 64;
        boolean fits = switch (p.predictor()) {
            case NONE -> true;
            case HORIZONTAL -> bytes;
            case FLOATING_POINT -> p.format() == TiffPage.REAL && (bytes && p.bits() > 8 || p.bits() == 24);
            default -> false;
        };
        if (!fits) {
            throw new NotReadException("has predictor " + p.predictor() + " with samples of " + p.bits()
                    + " bits, which is not supported; save it without a predictor (tiffcp -c lzw:1)");
        }
    }

    /** The byte order of samples after {@link #undo}. */
    static ByteOrder order(TiffPage p) {
        return p.predictor() == FLOATING_POINT ? ByteOrder.BIG_ENDIAN : p.order();
    }

    /** Undoes the predictor of a chunk's rows in place. */
    static void undo(TiffPage p, byte[] chunk, int rowBytes) {
        int samples = p.chunkSamples();
        byte[] row = new byte[p.predictor() == FLOATING_POINT ? rowBytes : 0];
        for (int from = 0; from + rowBytes <= chunk.length; from += rowBytes) {
            if (p.predictor() == FLOATING_POINT) {
                sumBytes(chunk, from, rowBytes, samples);
                System.arraycopy(chunk, from, row, 0, rowBytes);
                int size = p.bits() / 8;
                int count = rowBytes / size;
                for (int i = 0; i < count; i++) {
                    for (int b = 0; b < size; b++) {
                        chunk[from + i * size + b] = row[b * count + i];
                    }
                }
            } else if (p.predictor() == HORIZONTAL && p.bits() == 8) {
                sumBytes(chunk, from, rowBytes, samples);
            } else if (p.predictor() == HORIZONTAL) {
                sumWords(chunk, from, rowBytes, p.bits() / 8, samples, p.order() == ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    private static void sumBytes(byte[] b, int from, int count, int step) {
        for (int i = from + step; i < from + count; i++) {
            b[i] += b[i - step];
        }
    }

    /** Adds to each number the one {@code samples} before it, byte by byte from the least significant. */
    private static void sumWords(byte[] b, int from, int count, int size, int samples, boolean little) {
        int step = size * samples;
        if (size == 2) {
            int low = little ? 0 : 1;
            for (int i = from + step; i < from + count; i += 2) {
                int sum = (b[i + low] & 0xFF) + (b[i + low - step] & 0xFF);
                b[i + low] = (byte) sum;
                b[i + 1 - low] += (byte) (b[i + 1 - low - step] + (sum >> 8));
            }
            return;
        }
        for (int i = from + step; i < from + count; i += size) {
            int carry = 0;
            for (int k = 0; k < size; k++) {
                int at = i + (little ? k : size - 1 - k);
                carry += (b[at] & 0xFF) + (b[at - step] & 0xFF);
                b[at] = (byte) carry;
                carry >>= 8;
            }
        }
    }
}
