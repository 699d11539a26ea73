package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.NiftiHeader.Field;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.PixelArray;

/** Positions of pixels in NIfTI files: from the file that was edited, or from its film's spacing. */
class NiftiGeometryTest {
    private static final NiftiWriter.Words WORDS = new NiftiWriter.Words("made", "{}");
    private static final int COLUMNS = 20;
    private static final int ROWS = 16;

    @TempDir
    Path temp;

    /** A file of one slice (or of several) with everything in its header that must not be lost. */
    private static byte[] file(NiftiType type, ByteOrder order, boolean second, int... dims) {
        byte[] head = new byte[second ? NiftiHeader.SECOND : NiftiHeader.FIRST];
        ByteBuffer b = ByteBuffer.wrap(head).order(order);
        b.putInt(0, head.length);
        b.put(second ? 4 : 344, new byte[]{'n', '+', (byte) (second ? '2' : '1'), 0});
        if (second) {
            b.put(8, new byte[]{'\r', '\n', 0x1A, '\n'});
        }
        NiftiHeader h = NiftiHeader.of(head);
        h.put(Field.DIM, 0, dims.length);
        int voxels = 1;
        for (int i = 0; i < 7; i++) {
            h.put(Field.DIM, i + 1, i < dims.length ? dims[i] : 1);
            voxels *= i < dims.length ? dims[i] : 1;
        }
        h.voxels(type, type.isColour() ? 0 : 0.5, type.isColour() ? 0 : -3, null);
        double[] pixdim = {-1, 0.3, 0.4, 2.5, 1.5, 1, 1, 1};
        double[] srow = {0.3, 0.05, 0.1, -20, 0.02, -0.31, 0.2, 30, 0, 0.1, 2.5, 7};
        for (int i = 0; i < 8; i++) {
            h.put(Field.PIXDIM, i, pixdim[i]);
        }
        for (int i = 0; i < 12; i++) {
            h.put(Field.SROW, i, srow[i]);
        }
        for (int i = 0; i < 3; i++) {
            h.put(Field.QUATERN, i, new double[]{0.1, -0.7, 0.5}[i]);
            h.put(Field.QOFFSET, i, 10 * i - 7);
        }
        h.put(Field.QFORM_CODE, 0, 3);
        h.put(Field.SFORM_CODE, 0, 2);
        h.put(Field.XYZT_UNITS, 0, 10);
        h.put(Field.INTENT_CODE, 0, 1001);
        h.put(Field.INTENT_NAME, 0, 'x');
        h.put(Field.VOX_OFFSET, 0, h.firstVoxel());
        ByteBuffer all = ByteBuffer.allocate(h.firstVoxel() + voxels * type.bytes()).order(order);
        all.put(head);
        ByteBuffer data = all.slice(h.firstVoxel(), voxels * type.bytes()).order(order);
        for (int i = 0; i < voxels * type.samples(); i++) {
            type.write(data, i, type.nearest((i * 37 % 101) * (type == NiftiType.INT64 ? 1e10 : 1)));
        }
        if (type == NiftiType.FLOAT32) {
            data.putInt(0, 0x7FC12345); // a NaN with a payload
        } else if (type == NiftiType.INT64) {
            data.putLong(0, (1L << 60) + 1); // not exact in a double
        }
        return all.array();
    }

    private Film read(byte[] bytes, int frame) throws IOException {
        return Films.read(Files.write(temp.resolve("x"), bytes),
                new FilmOptions(Loader.STANDARD, frame, WindowChoice.FROM_FILE));
    }

    private static NativeEdit.Outcome edit(Film film) {
        boolean[] in = new boolean[COLUMNS * ROWS];
        for (int i = 0; i < in.length; i++) {
            in[i] = i % COLUMNS >= 5 && i % COLUMNS < 12 && i / COLUMNS >= 4 && i / COLUMNS < 9;
        }
        double[] square = new double[3 * 64 * 64];
        Arrays.fill(square, 0.4);
        return NativeEdit.apply(film, square, new Placement(64, COLUMNS, ROWS, 64, 64, 0, 0),
                new Mask(COLUMNS, ROWS, in), null, 2);
    }

    @Test
    void aNativeEditKeepsHeaderAndVoxels() throws IOException {
        for (NiftiType type : NiftiType.values()) {
            for (int k = 0; k < 8; k++) {
                ByteOrder order = k % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
                int[] dims = k / 2 % 2 == 0 ? new int[]{COLUMNS, ROWS} : new int[]{COLUMNS, ROWS, 1, 1};
                byte[] before = file(type, order, k >= 4, dims);
                Film film = read(before, 0);
                assertEquals(type.toString(), film.facts().get("cells"));
                if (type == NiftiType.RGBA32) {
                    assertTrue(NativeEdit.obstacle(film).toString().contains("transparency"));
                    continue;
                }
                assertEquals(null, NativeEdit.obstacle(film), type.toString());
                NativeEdit.Outcome o = edit(film);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                NiftiWriter.writeLike(out, (NiftiFrame) film.space(), film.pixels(), o.stored(), WORDS, k % 3 == 0);
                String what = type + ", " + order + ", dims " + dims.length + ", NIfTI-" + (k >= 4 ? 2 : 1);
                check(what, type, before, out.toByteArray(), k % 3 == 0, o);
            }
        }
    }

    private void check(String what, NiftiType type, byte[] before, byte[] written, boolean zipped, NativeEdit.Outcome o)
            throws IOException {
        byte[] after = written;
        if (zipped) {
            try (var in = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(written))) {
                after = in.readAllBytes();
            }
        }
        NiftiHeader a = NiftiHeader.of(Arrays.copyOf(before, NiftiHeader.size(NiftiHeader.version(before))));
        NiftiHeader b = NiftiHeader.of(Arrays.copyOf(after, NiftiHeader.size(NiftiHeader.version(after))));
        int start = (int) b.get(Field.VOX_OFFSET, 0);
        b.put(Field.VOX_OFFSET, 0, a.firstVoxel());
        for (int i = 0; i < 4; i++) {
            assertEquals("made".charAt(i), b.get(Field.DESCRIP, i));
            b.put(Field.DESCRIP, i, 0);
        }
        assertArrayEquals(a.bytes(), b.bytes(), what + ": nothing else of the header");
        int changed = 0;
        for (int i = 0; i < COLUMNS * ROWS; i++) {
            boolean same = Arrays.equals(before, a.firstVoxel() + i * type.bytes(),
                    a.firstVoxel() + (i + 1) * type.bytes(), after, start + i * type.bytes(),
                    start + (i + 1) * type.bytes());
            changed += same ? 0 : 1;
            assertTrue(same || o.region().pixels()[i], what + " at " + i);
        }
        assertEquals(o.measured().get("changed_pixels"), changed, what);
        assertTrue(changed > 30, what + ": " + changed);
        Film back = read(written, 0);
        for (int i = 0; i < o.stored().size(); i++) {
            assertEquals(o.stored().at(i), back.pixels().at(i), what + " at " + i);
        }
        if (type != NiftiType.UINT64 && type != NiftiType.INT64 && !type.isColour()) {
            double level = back.display()[6 * COLUMNS + 8];
            assertEquals(0.4, level, 0.01, what + ": the edit's level is found again");
        }
    }

    @Test
    void aSliceLiesWhereItLayAmongTheOthers() throws IOException {
        for (boolean second : new boolean[]{false, true}) {
            byte[] volume = file(NiftiType.INT16, ByteOrder.BIG_ENDIAN, second, COLUMNS, ROWS, 5, 2);
            Film film = read(volume, 9); // the fourth slice of the second time
            NiftiHeader all = NiftiHeader.of(Arrays.copyOf(volume, NiftiHeader.size(second ? 2 : 1)));
            NiftiHeader one = ((NiftiFrame) film.space()).header();
            assertEquals("3 20 16 1 1", (int) one.get(Field.DIM, 0) + " " + (int) one.get(Field.DIM, 1) + " "
                    + (int) one.get(Field.DIM, 2) + " " + (int) one.get(Field.DIM, 3) + " "
                    + (int) one.get(Field.DIM, 4));
            assertEquals(1.5, one.get(Field.TOFFSET, 0));
            double[][] q = quaternion(all);
            for (int row = 0; row < 3; row++) {
                assertEquals(all.get(Field.SROW, 4 * row + 3) + 3 * all.get(Field.SROW, 4 * row + 2),
                        one.get(Field.SROW, 4 * row + 3), 1e-5);
                assertEquals(all.get(Field.QOFFSET, row) - 3 * 2.5 * q[row][2], one.get(Field.QOFFSET, row), 1e-5,
                        "qfac is -1");
            }
            assertArrayEquals(Arrays.copyOfRange(volume, volume.length - 2 * 20 * 16 * 2, volume.length - 20 * 16 * 2),
                    ((NiftiFrame) film.space()).voxels(film.pixels(), film.pixels()));
        }
    }

    /** nifti1.h, "METHOD 2". */
    private static double[][] quaternion(NiftiHeader h) {
        double b = h.get(Field.QUATERN, 0);
        double c = h.get(Field.QUATERN, 1);
        double d = h.get(Field.QUATERN, 2);
        double a = Math.sqrt(1 - b * b - c * c - d * d);
        return new double[][]{{a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
                {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
                {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c}};
    }

    /** The centre of each pixel of the square has the position of the film's point under it. */
    @Test
    void aPictureOfTheFilmLiesOverIt() throws IOException {
        Film film = read(file(NiftiType.UINT8, ByteOrder.LITTLE_ENDIAN, false, COLUMNS, ROWS), 0);
        NiftiHeader of = ((NiftiFrame) film.space()).header();
        Placement p = new Placement(64, COLUMNS, ROWS, 80, 64, 8, 0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NiftiWriter.write(out, PixelArray.of(1, 64, 64, 1, new int[64 * 64]), new double[]{0, 255},
                new double[]{0, 255}, ModalityTransform.IDENTITY, film.space(), 1, p, WORDS, false);
        NiftiHeader h = NiftiHeader.of(Arrays.copyOf(out.toByteArray(), NiftiHeader.FIRST));
        assertEquals("2 64 64 0", (int) h.get(Field.DIM, 0) + " " + (int) h.get(Field.DIM, 1) + " "
                + (int) h.get(Field.DIM, 2) + " " + (int) h.get(Field.INTENT_CODE, 0));
        for (int row = 0; row < 3; row++) {
            for (double[] ij : new double[][]{{0, 0}, {63, 0}, {10, 40}}) {
                double x = (ij[0] + 8 + 0.5) * 20 / 80 - 0.5;
                double y = (ij[1] + 0.5) * 16 / 64 - 0.5;
                assertEquals(at(of, row, x, y), at(h, row, ij[0], ij[1]), 1e-4);
                assertEquals(atQ(of, row, x, y), atQ(h, row, ij[0], ij[1]), 1e-4);
            }
        }
    }

    private static double at(NiftiHeader h, int row, double i, double j) {
        return h.get(Field.SROW, 4 * row) * i + h.get(Field.SROW, 4 * row + 1) * j + h.get(Field.SROW, 4 * row + 3);
    }

    private static double atQ(NiftiHeader h, int row, double i, double j) {
        double[][] q = quaternion(h);
        return q[row][0] * i * h.get(Field.PIXDIM, 1) + q[row][1] * j * h.get(Field.PIXDIM, 2)
                + h.get(Field.QOFFSET, row);
    }

    @Test
    void spacingOfOtherFilmsOrNone() throws IOException {
        NiftiHeader h = written(new PixelSpacing(0.2, 0.25, "x"));
        assertEquals("1 1 2", (int) h.get(Field.QFORM_CODE, 0) + " " + (int) h.get(Field.SFORM_CODE, 0) + " "
                + (int) h.get(Field.XYZT_UNITS, 0));
        assertEquals(0.25, h.get(Field.PIXDIM, 1), 1e-7);
        assertEquals(0.2, h.get(Field.PIXDIM, 2), 1e-7);
        for (double[] ij : new double[][]{{0, 0}, {3, 2}}) {
            assertEquals(-0.25 * ij[0], at(h, 0, ij[0], ij[1]), 1e-6);
            assertEquals(-0.2 * ij[1], at(h, 1, ij[0], ij[1]), 1e-6);
            assertEquals(-0.25 * ij[0], atQ(h, 0, ij[0], ij[1]), 1e-6);
            assertEquals(-0.2 * ij[1], atQ(h, 1, ij[0], ij[1]), 1e-6);
        }
        NiftiHeader none = written(FilmSpace.UNKNOWN);
        assertEquals("0 0 0", (int) none.get(Field.QFORM_CODE, 0) + " " + (int) none.get(Field.SFORM_CODE, 0) + " "
                + (int) none.get(Field.XYZT_UNITS, 0));
        assertEquals(1.5, none.get(Field.PIXDIM, 2), "the shape of pixels alone is known");
    }

    private static NiftiHeader written(FilmSpace space) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NiftiWriter.write(out, PixelArray.of(1, 3, 4, 1, new int[12]), new double[]{0, 255}, null,
                ModalityTransform.IDENTITY, space, 1.5, null, WORDS, false);
        return NiftiHeader.of(Arrays.copyOf(out.toByteArray(), NiftiHeader.FIRST));
    }

    @Test
    void voxelsBesideTheirHeader() throws IOException {
        byte[] whole = file(NiftiType.INT16, ByteOrder.LITTLE_ENDIAN, false, COLUMNS, ROWS);
        byte[] head = Arrays.copyOf(whole, NiftiHeader.FIRST);
        head[345] = 'i';
        NiftiHeader.of(head).put(Field.VOX_OFFSET, 0, 0);
        Path file = Files.write(temp.resolve("pair.hdr"), head);
        assertRefused(file, "which is not next to it");
        Files.write(temp.resolve("pair.img.gz"), HostileFilmsTest.gzip(Arrays.copyOfRange(whole, 352, whole.length)));
        assertArrayEquals(read(whole, 0).pixels().integers(), Films.read(file).pixels().integers());
        Files.write(temp.resolve("pair.img"), Arrays.copyOfRange(whole, 352, whole.length - 1));
        assertRefused(file, "truncated");
        byte[] analyze = head.clone();
        Arrays.fill(analyze, 344, 348, (byte) 0);
        assertRefused(Files.write(temp.resolve("old.hdr"), analyze), "Analyze 7.5");
    }

    private static void assertRefused(Path file, String says) {
        ImageFormatException e = org.junit.jupiter.api.Assertions.assertThrows(ImageFormatException.class,
                () -> Films.read(file));
        assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().contains(says), e.getMessage());
    }

    /** Values too many for a table are found along the curve, exactly where it is a line. */
    @Test
    void theWayBackAlongACurve() {
        MonotoneInverse line = new MonotoneInverse(v -> Math.clamp((v + 3) / 10, 0, 1), -3, 7, v -> v);
        assertEquals(1.5, line.nearest(0.45, 6), 1e-12);
        assertEquals(6, line.nearest(line.level(6), 6));
        MonotoneInverse falling = new MonotoneInverse(v -> Math.clamp((5 - v) / 4, 0, 1), 0, 10, Math::rint);
        assertEquals(3, falling.nearest(0.5, 9));
        assertEquals(8, falling.nearest(0, 8), "black already");
        assertEquals(5, falling.nearest(0, 2), "the nearest black");
        assertEquals(1, falling.nearest(1, 9), "the nearest white");
        MonotoneInverse bent = new MonotoneInverse(v -> v * v / 1e20, 0, 1e10, v -> (float) v);
        assertEquals((float) 5e9, bent.nearest(0.25, 1e10));
        assertEquals(4, new MonotoneInverse(v -> 0, 1, 9, v -> v).nearest(1, 4), "there is no other");
        assertEquals(0.5, new MonotoneInverse(v -> v > 0 ? v : 0, 0, 1, v -> v).nearest(0.5, Double.NaN), 1e-12);
    }
}
