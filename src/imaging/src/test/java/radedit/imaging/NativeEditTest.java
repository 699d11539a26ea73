package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.dicom.DicomReader;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.PixelArray;
import radedit.testdata.TestData;

/** Edits put back into films change nothing else, and have the levels that the model drew. */
class NativeEditTest {
    @TempDir
    Path temp;

    private static double[] square(int size, double value) {
        double[] out = new double[3 * size * size];
        Arrays.fill(out, value);
        return out;
    }

    /** Every DICOM film of the tests with every loader: pixels outside are untouched, levels inside are reproduced. */
    @Test
    void allFilmsByAllLoaders() throws IOException {
        int films = 0;
        double worst = 0;
        Path[] files;
        try (Stream<Path> all = Files.list(TestData.resource("/cxr/dicom"))) {
            files = all.filter(f -> !f.getFileName().toString().startsWith("err_")).sorted().toArray(Path[]::new);
        }
        for (Path file : files) {
            FilmContent content;
            try {
                content = new DicomReader().read(file, 1);
            } catch (ImageFormatException e) {
                continue; // codecs have tests of their own
            }
            for (Loader loader : Loader.values()) {
                Film film = new Film(file, content, new FilmOptions(loader, 1, WindowChoice.FROM_FILE));
                if (NativeEdit.obstacle(film) != null) {
                    continue;
                }
                films++;
                worst = Math.max(worst, check(film));
            }
        }
        System.out.printf("%d films and loaders, levels inside differ from the edit's by %.4f at most%n", films, worst);
        assertTrue(films > 60, films + " films");
    }

    /** Puts a uniform level into a box and returns the largest deviation where stored values can reach it. */
    private static double check(Film film) {
        int w = film.columns();
        int h = film.rows();
        boolean[] in = new boolean[w * h];
        for (int i = 0; i < in.length; i++) {
            in[i] = i % w > w / 4 && i % w < w / 2 && i / w > h / 3 && i / w < h / 2;
        }
        Mask edit = new Mask(w, h, in);
        Placement p = new Placement(64, w, h, 64, 64, 0, 0);
        int[] before = film.pixels().integers().clone();
        NativeEdit.Outcome o = NativeEdit.apply(film, square(64, 0.5), p, edit, null, 4);
        assertTrue(Arrays.equals(before, film.pixels().integers()), "the film itself is not changed");
        int s = film.pixels().samples();
        Mask reach = edit.dilate(4);
        for (int i = 0; i < before.length; i++) {
            if (!reach.pixels()[i / s]) {
                assertEquals(before[i], o.stored().integers()[i], film.file() + " at " + i);
            }
        }
        assertEquals(0, o.measured().get("changed_outside"));
        if (film.isColour()) {
            return 0;
        }
        var curve = film.options().loader().curve(film, 0);
        double worst = 0;
        double coarse = 1.0 / Math.min(255, film.meaning(0).depth().max());
        for (int i = 0; i < in.length; i++) {
            if (in[i] && !film.meaning(0).padding().contains(before[i])) {
                double level = curve.applyAsDouble(o.stored().integers()[i]);
                worst = Math.max(worst, Math.abs(level - 0.5));
                assertTrue(Math.abs(level - 0.5) <= 8 * coarse,
                        film.file() + ", " + film.options().loader() + ": level "
                                + level);
            }
        }
        return worst;
    }

    /** An unchanged level returns the pixel's value, for any curve. */
    @Test
    void unchangedLevelsKeepTheirValues() {
        java.util.function.DoubleUnaryOperator[] curves = {v -> v / 4095, v -> 1 - v / 4095,
                v -> Math.clamp((v - 1000) / 500, 0, 1), v -> Math.abs(v - 2000) / 3000, v -> 0.25,
                v -> Math.floor(v / 100) / 41, v -> 1 / (1 + Math.exp(-(v - 2048) / 300))};
        for (var c : curves) {
            TabulatedInverse levels = new TabulatedInverse(c, 0, 4095, Padding.NONE);
            for (int v = 0; v < 4096; v++) {
                assertEquals(v, levels.nearest(levels.level(v), v));
            }
        }
        TabulatedInverse window = new TabulatedInverse(curves[2], 0, 4095, Padding.between(0, 10));
        assertEquals(1500, window.nearest(1, 1200), "white begins at 1500");
        assertEquals(4000, window.nearest(1, 4000), "and a white pixel stays as it is");
        assertEquals(1250, window.nearest(0.5, 17));
        assertEquals(11, window.nearest(0, 0), "padding is never made");
        TabulatedInverse falling = new TabulatedInverse(curves[1], 0, 4095, Padding.NONE);
        assertEquals(4095, falling.nearest(-3, 9));
        assertEquals(0, falling.nearest(2, 9));
        assertEquals(7, new TabulatedInverse(v -> v, 5, 5, Padding.between(5, 5)).nearest(1, 7), "there is no other");
    }

    @Test
    void theEditFadesOut() {
        Film film = Film.of(new Picture(40, 40, 1, new byte[1600]), "film");
        boolean[] in = new boolean[1600];
        for (int y = 0; y < 40; y++) {
            for (int x = 10; x < 20; x++) {
                in[y * 40 + x] = true;
            }
        }
        Mask edit = new Mask(40, 40, in);
        boolean[] stays = new boolean[1600];
        stays[5 * 40 + 12] = true;
        Mask keep = new Mask(40, 40, stays);
        // The square shows columns 0 to 31 only.
        Placement p = new Placement(32, 40, 40, 40, 32, 0, 0);
        NativeEdit.Outcome o = NativeEdit.apply(film, square(32, 1), p, edit, keep, 3);
        int[] row = Arrays.copyOfRange(o.stored().integers(), 400, 440);
        assertEquals("[0, 0, 0, 0, 0, 0, 0, 64, 127, 191, 255, 255]", Arrays.toString(Arrays.copyOf(row, 12)));
        assertEquals("[255, 191, 127, 64, 0, 0]", Arrays.toString(Arrays.copyOfRange(row, 19, 25)));
        assertEquals(0, o.stored().integers()[5 * 40 + 12], "keep wins");
        assertEquals("{width=40, height=40, feather=3, filter=bicubic, mask_pixels=400, region_pixels=639,"
                + " changed_pixels=639, changed_outside=0, largest_change=255}", o.measured().toString());

        NativeEdit.Outcome all = NativeEdit.apply(film, square(32, 1), p, Mask.filled(40, 40, true), null, 3);
        row = Arrays.copyOfRange(all.stored().integers(), 400, 440);
        assertEquals("[255, 255, 191, 127, 64, 0, 0]", Arrays.toString(Arrays.copyOfRange(row, 27, 34)),
                "towards the side that the square cuts");
        assertEquals(255, row[0], "but not towards the film's own");
    }

    /** Pixels in the square's margins do not bleed into the film's border, at any scale. */
    @Test
    void whatLiesBesideTheFilmStaysThere() {
        for (int[] c : new int[][]{{20, 40}, {10, 20}, {37, 74}, {200, 400}}) {
            Picture black = new Picture(c[0], c[1], 1, new byte[c[0] * c[1]]);
            Placement p = new Placement(64, c[0], c[1], 32, 64, -16, 0);
            double[] painted = new double[3 * 64 * 64];
            for (int i = 0; i < painted.length; i++) {
                painted[i] = i % 64 >= 16 && i % 64 < 48 ? 0.4 : 1;
            }
            NativeEdit.Outcome o = NativeEdit.apply(Film.of(black, "film"), painted, p,
                    Mask.filled(c[0], c[1], true), null, 0);
            assertTrue(Arrays.stream(o.stored().integers()).allMatch(v -> v == 102), c[0] + " columns");
        }
    }

    /** A square that is the enlarged film itself returns the film, except for the filter's rounding. */
    @Test
    void theWayBackLiesWhereTheWayThereLed() throws IOException {
        Picture whole = Images.read(TestData.resource("/cxr/00000001_000.png"));
        Picture film = Resample.resize(whole, 140, 100, Resample.Filter.BILINEAR);
        Picture square = Resample.resize(film, 358, 256, Resample.Filter.BICUBIC).crop(51, 0, 256, 256);
        double[] edited = new double[3 * 256 * 256];
        for (int i = 0; i < edited.length; i++) {
            edited[i] = (square.samples()[i % (256 * 256)] & 0xFF) / 255.0;
        }
        NativeEdit.Outcome o = NativeEdit.apply(Film.of(film, "film"), edited,
                new Placement(256, 140, 100, 358, 256, 51, 0), Mask.filled(140, 100, true), null, 0);
        double sum = 0;
        for (int i = 0; i < 14000; i++) {
            sum += Math.abs(o.stored().integers()[i] - (film.samples()[i] & 0xFF));
        }
        System.out.printf("there and back: mean difference %.3f of 255%n", sum / 14000);
        assertTrue(sum / 14000 < 1, "mean difference " + sum / 14000);
    }

    @Test
    void whatCannotBePutBack() throws IOException {
        assertTrue(NativeEdit.obstacle(Films.read(TestData.resource("/cxr/dicom/palette.dcm"))).toString()
                .contains("palette"));
        assertTrue(NativeEdit.obstacle(Films.read(TestData.resource("/cxr/masks/palette.png"))).toString()
                .contains("palette"));
        assertTrue(NativeEdit.obstacle(Films.read(TestData.resource("/cxr/masks/rgba_opaque.png")))
                .toString().contains("transparency"));
        assertTrue(NativeEdit.obstacle(Films.read(TestData.resource("/cxr/masks/bit1.png"))).toString()
                .contains("1 bits"));
        assertTrue(NativeEdit.obstacle(Films.read(TestData.resource("/cxr/dicom/multiframe_native.dcm")))
                .toString().contains("frame chooses one"));
        Film colour = Films.read(TestData.resource("/cxr/16747_3_1.jpg"),
                new FilmOptions(Loader.HIML, 0, WindowChoice.FROM_FILE));
        assertTrue(NativeEdit.obstacle(colour).toString().contains("loader himl"));
        assertNull(NativeEdit.obstacle(Films.read(TestData.resource("/cxr/16747_3_1.jpg"))));
    }

    @Test
    void pngAndNiftiKeepWhatTheyAreGiven() throws IOException {
        Random r = new Random(8);
        for (int bits : new int[]{8, 16}) {
            for (int channels : new int[]{1, 3}) {
                int[] values = r.ints(13L * 7 * channels, 0, 1 << bits).toArray();
                Path file = temp.resolve("x.png");
                try (var out = Files.newOutputStream(file)) {
                    Images.writePng(out, 13, 7, channels, bits, values, Map.of());
                }
                Film back = Films.read(file);
                assertTrue(Arrays.equals(values, back.pixels().integers()));
                assertEquals(bits, back.meaning(0).depth().bits());
            }
        }
        int[][] ranges = {{0, 255}, {0, 65535}, {-32768, 32767}, {-70000, 70000}};
        String[] types = {"uint8", "uint16", "int16", "int32"};
        for (int k = 0; k < ranges.length; k++) {
            int[] values = r.ints(13 * 7, ranges[k][0], ranges[k][1] + 1).toArray();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            NiftiWriter.write(bytes, PixelArray.of(1, 7, 13, 1, values), new double[]{ranges[k][0], ranges[k][1]},
                    new double[]{0, 100}, new ModalityTransform.Rescale(-2, 7), FilmSpace.UNKNOWN, 1.5, null,
                    new NiftiWriter.Words("words", "{\"seed\": 1}"), k % 2 == 1);
            Path file = Files.write(temp.resolve("x.nii"), bytes.toByteArray());
            Film back = Films.read(file);
            assertTrue(Arrays.equals(values, back.pixels().integers()));
            assertEquals(types[k], back.facts().get("cells"));
            assertEquals(7 - 2 * values[3], back.modality()[3]);
            assertEquals("13 x 7, 1.5", back.columns() + " x " + back.rows() + ", " + back.pixelAspect());
            assertTrue(back.describe().get("window").toString().contains("0 to 100"), back.describe().toString());
        }
    }
}
