package radedit.imaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.PixelArray;

/**
 * NIfTI-1 in one file with one slice of whole numbers: the first axis is the column, the second the row, as
 * {@link NiftiReader} and SimpleITK have it. No orientation is claimed (qform and sform codes are 0). A text travels as a
 * header extension of the kind for comments.
 *
 * @see <a href="https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h">nifti1.h</a>
 */
public final class NiftiWriter {
    private static final int HEADER = 352;
    private static final int COMMENT = 6;
    private static final int LONGEST_DESCRIPTION = 79;

    /** Voxel types by the header's number, the smallest that holds the values first. */
    private enum Type {
        UINT8(2, 1, 0, 255), UINT16(512, 2, 0, 65535), INT16(4, 2, Short.MIN_VALUE,
                Short.MAX_VALUE),
        INT32(8, 4, Integer.MIN_VALUE, Integer.MAX_VALUE);

        private final int code;
        private final int bytes;
        private final int min;
        private final int max;

        Type(int code, int bytes, int min, int max) {
            this.code = code;
            this.bytes = bytes;
            this.min = min;
            this.max = max;
        }

        static Type of(int min, int max) {
            for (Type t : values()) {
                if (t.min <= min && max <= t.max) {
                    return t;
                }
            }
            return INT32;
        }
    }

    private NiftiWriter() {
    }

    /**
     * Writes values.
     *
     * @param values
     *            one frame, one sample a pixel, whole numbers
     * @param range
     *            the lowest and highest number that the voxels must be able to hold
     * @param shown
     *            the values that are black and white (cal_min, cal_max); null to say nothing
     * @param modality
     *            written as slope and intercept if it is that
     * @param aspect
     *            height of a pixel over its width
     * @param text
     *            for the extension
     */
    public static void write(OutputStream out, PixelArray values, int[] range, double[] shown,
            ModalityTransform modality,
            double aspect, String description, String text, boolean zip) throws IOException {
        Type type = Type.of(range[0], range[1]);
        byte[] comment = text.getBytes(StandardCharsets.UTF_8);
        int extension = (8 + comment.length + 15) / 16 * 16;
        ByteBuffer b = ByteBuffer.allocate(HEADER + extension + values.size() * type.bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0, 348).put(38, (byte) 'r');
        b.putShort(40, (short) 2).putShort(42, (short) values.columns()).putShort(44, (short) values.rows());
        for (int axis = 3; axis <= 7; axis++) {
            b.putShort(40 + 2 * axis, (short) 1);
        }
        b.putShort(70, (short) type.code).putShort(72, (short) (8 * type.bytes));
        for (int axis = 0; axis <= 7; axis++) {
            b.putFloat(76 + 4 * axis, axis == 2 ? (float) aspect : 1);
        }
        b.putFloat(108, HEADER + extension);
        if (modality instanceof ModalityTransform.Rescale r) {
            b.putFloat(112, (float) r.slope()).putFloat(116, (float) r.intercept());
        } else {
            b.putFloat(112, 1);
        }
        if (shown != null) {
            b.putFloat(124, (float) shown[1]).putFloat(128, (float) shown[0]);
        }
        byte[] words = description.getBytes(StandardCharsets.US_ASCII);
        b.put(148, words, 0, Math.min(words.length, LONGEST_DESCRIPTION));
        b.put(344, new byte[]{'n', '+', '1', 0, 1, 0, 0, 0});
        b.putInt(352, extension).putInt(356, COMMENT).put(360, comment);
        for (int i = 0; i < values.size(); i++) {
            int v = values.integers()[i];
            int at = HEADER + extension + i * type.bytes;
            switch (type.bytes) {
                case 1 -> b.put(at, (byte) v);
                case 2 -> b.putShort(at, (short) v);
                default -> b.putInt(at, v);
            }
        }
        if (zip) {
            GZIPOutputStream z = new GZIPOutputStream(out);
            z.write(b.array());
            z.finish();
        } else {
            out.write(b.array());
        }
    }
}
