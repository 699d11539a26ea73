package radedit.imaging.raster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Film;
import radedit.imaging.FilmOptions;
import radedit.imaging.FilmReader;
import radedit.imaging.Films;
import radedit.imaging.ImageFormatException;
import radedit.imaging.Loader;
import radedit.imaging.Mask;
import radedit.imaging.WindowChoice;
import radedit.imaging.mask.MaskSource;
import radedit.testdata.TestData;

/**
 * Pictures and volumes of every kind against Pillow, tifffile, imagecodecs and SimpleITK, value by value
 * (by hash); see {@code raster/make.py}.
 */
class RasterGoldensTest {
    private static final int ROWS = 444;

    @TempDir
    static Path folder;

    /** One row of the table. */
    private record Row(String file, String kind, int rows, int columns, int samples, int frames, String hash,
            String words) {
        static Row of(String line) {
            String[] f = line.split("\t");
            return new Row(f[0], f[1], Integer.parseInt(f[2]), Integer.parseInt(f[3]), Integer.parseInt(f[4]),
                    Integer.parseInt(f[5]), f[6], f[7]);
        }
    }

    @BeforeAll
    static void unpack() throws IOException {
        try (InputStream in = Files.newInputStream(TestData.resource("/raster/goldens.zip"));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                Files.write(folder.resolve(e.getName()), zip.readAllBytes());
            }
        }
    }

    @TestFactory
    List<DynamicTest> files() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Files.readAllLines(TestData.resource("/raster/goldens.tsv"))) {
            Row row = Row.of(line);
            Path file = folder.resolve(row.file);
            tests.add(DynamicTest.dynamicTest(row.file, () -> {
                switch (row.kind) {
                    case "refused" -> refused(row, file);
                    case "mask" -> mask(row, file);
                    default -> film(row, file);
                }
            }));
        }
        assertEquals(ROWS, tests.size());
        return tests;
    }

    @Test
    void volumesTellTheShapeOfTheirPixels() throws IOException {
        for (String name : List.of("volume_i2.mha", "volume_i2.nrrd", "volume_beside.mhd", "volume_header.nhdr")) {
            assertEquals(0.75 / 0.5, Films.read(folder.resolve(name)).pixelAspect(), name);
        }
    }

    private static void refused(Row row, Path file) {
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> Films.read(file));
        assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().contains(row.words), e.getMessage());
        assertTrue(e.getMessage().length() < file.toString().length() + 200, e.getMessage());
    }

    private static void film(Row row, Path file) throws Exception {
        int colon = row.kind.indexOf(':');
        int frame = colon < 0 ? FilmReader.ALL_FRAMES : Integer.parseInt(row.kind.substring(colon + 1));
        Film f = Films.read(file, new FilmOptions(Loader.STANDARD, frame, WindowChoice.FROM_FILE));
        assertEquals(row.columns + " x " + row.rows + " x " + row.samples + " x " + row.frames,
                f.columns() + " x " + f.rows() + " x " + f.pixels().samples() + " x " + f.frames());
        assertWarned(row, f.warnings().stream().map(Object::toString).toList());
        assertEquals(row.hash, hash(f.pixels().size(), f.pixels()::at));
    }

    private static void mask(Row row, Path file) throws Exception {
        List<String> notes = new ArrayList<>();
        Mask m = MaskSource.of(file.toString()).read(null, notes::add);
        assertEquals(row.columns + " x " + row.rows, m.width() + " x " + m.height());
        assertWarned(row, notes);
        assertEquals(row.hash, hash(m.pixels().length, i -> m.pixels()[i] ? 1 : 0));
    }

    private static void assertWarned(Row row, List<String> said) {
        if (row.words.equals("-")) {
            assertEquals(List.of(), said);
        } else {
            assertEquals(1, said.size(), said::toString);
            assertTrue(said.getFirst().contains(row.words), said::toString);
        }
    }

    private static String hash(int count, IntToDoubleFunction values) throws GeneralSecurityException {
        ByteBuffer b = ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            b.putDouble(values.applyAsDouble(i));
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(b.array()));
    }
}
