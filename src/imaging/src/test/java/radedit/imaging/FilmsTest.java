package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.dicom.DicomBuilder;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.testdata.TestData;
import radedit.message.Setting;

/** Loaders, windows, frames, formats, and replacement of readers. */
class FilmsTest {
    @TempDir
    Path temp;

    private static Film read(Path file, Loader loader, WindowChoice window) throws IOException {
        return Films.read(file, new FilmOptions(loader, FilmReader.ALL_FRAMES, window));
    }

    private static Path dicom(String name) {
        return TestData.resource("/cxr/dicom/" + name);
    }

    /** The hashes are of the levels computed from what pydicom and torchxrayvision themselves return. */
    @Test
    void loadersGiveTheLevelsOfTheirTools() throws Exception {
        JsonNode expected = new ObjectMapper().readTree(TestData.resource("/cxr/loaders.json").toFile());
        int checked = 0;
        for (Map.Entry<String, JsonNode> file : expected.properties()) {
            for (Loader loader : new Loader[]{Loader.PYDICOM_VOI, Loader.TORCHXRAYVISION}) {
                if (file.getValue().has(loader.toString())) {
                    Film film = read(dicom(file.getKey()), loader, WindowChoice.FROM_FILE);
                    assertEquals(file.getValue().get(loader.toString()).asText(), HexFormat.of().formatHex(
                            MessageDigest.getInstance("SHA-256").digest(film.picture(0).samples())),
                            file.getKey() + " " + loader);
                    checked++;
                }
            }
        }
        assertEquals(LOADERS_CHECKED, checked);
        Film film = read(dicom("mono1_window.dcm"), Loader.HIML, WindowChoice.FROM_FILE);
        assertArrayEquals(film.himl(), film.picture().samples());
    }

    private static final int LOADERS_CHECKED = 45;

    @Test
    void windowsAreChosenByNumberOrGiven() throws IOException {
        Path file = dicom("multi_window_14bit.dcm");
        Film first = read(file, Loader.STANDARD, new WindowChoice.Numbered(1));
        assertArrayEquals(read(file, Loader.STANDARD, WindowChoice.FROM_FILE).display(), first.display());
        Film second = read(file, Loader.STANDARD, WindowChoice.parse("2"));
        double[] given = read(file, Loader.STANDARD, WindowChoice.parse("12000, 2000")).display();
        assertArrayEquals(second.display(), given);
        assertTrue(!Arrays.equals(first.display(), given));
        assertEquals(Math.floor(given[0] * 255 + 0.5), second.picture().get(0, 0, 0));
        assertThrows(ImageFormatException.class, () -> read(file, Loader.STANDARD, new WindowChoice.Numbered(3)));
        // A window number takes precedence over a VOI LUT.
        Path lut = dicom("voi_lut.dcm");
        assertTrue(!Arrays.equals(read(lut, Loader.STANDARD, WindowChoice.FROM_FILE).display(),
                read(lut, Loader.STANDARD, new WindowChoice.Numbered(1)).display()));
        assertThrows(ImageFormatException.class,
                () -> read(dicom("rgb_planar1.dcm"), Loader.STANDARD, new WindowChoice.Numbered(1)));
        for (String bad : new String[]{"x", "0", "-1", "1,", "1,0", "NaN,3", "1,2,3"}) {
            assertThrows(IllegalArgumentException.class, () -> WindowChoice.parse(bad), bad);
        }
    }

    @Test
    void aWindowWithoutWidthIsLeftOutWithTheWayToGiveOne() throws IOException {
        DicomBuilder b = DicomBuilder.explicit().image(1, 2, "MONOCHROME2", 1, 16).text(0x00281050, "DS", "1")
                .text(0x00281051, "DS", "0");
        Path file = Files.write(temp.resolve("w.dcm"),
                b.value(0x7FE00010, "OW", b.words(10, 20)).file("1.2.840.10008.1.2.1"));
        Film film = Films.read(file);
        assertArrayEquals(new double[]{0, 1}, film.display(), "the picture's own range");
        String warning = film.warnings().getFirst().toString();
        assertTrue(warning.contains("width '0'") && warning.contains("window centre,width sets another"), warning);
        assertEquals(List.of(warning), film.describe().get("warnings"));
        assertEquals(List.of(Setting.WINDOW), film.warnings().getFirst().settings());
        ImageFormatException e = assertThrows(ImageFormatException.class,
                () -> read(file, Loader.STANDARD, new WindowChoice.Numbered(1)));
        assertTrue(e.getMessage().contains("width of 0.0") && e.getMessage().contains("window centre,width sets"),
                e.getMessage());
        assertArrayEquals(new double[]{0, 1}, read(file, Loader.STANDARD, WindowChoice.parse("15,5")).display());
    }

    @Test
    void aFrameIsAFilmOfItsOwn() throws IOException {
        Path file = dicom("multiframe_native.dcm");
        Film all = Films.read(file);
        Film second = Films.read(file, new FilmOptions(Loader.STANDARD, 2, WindowChoice.FROM_FILE));
        int size = all.rows() * all.columns();
        assertEquals(2, second.framesInFile());
        assertArrayEquals(Arrays.copyOfRange(all.display(), size, 2 * size), second.display());
        assertArrayEquals(all.picture(1).samples(), second.picture().samples());
        assertThrows(ImageFormatException.class, all::picture);
        assertEquals(4 / 3.0, Films.read(dicom("aspect.dcm")).pixelAspect());
    }

    @Test
    void paddingInAllOfAFrameIsBlack() throws ImageFormatException {
        PixelMeaning m = new PixelMeaning(Photometric.MONOCHROME1, new Depth(8, false),
                radedit.imaging.pixel.ModalityTransform.IDENTITY, java.util.List.of(), null,
                radedit.imaging.pixel.Padding.between(7, 7), null);
        Film film = new Film(Path.of("x"), FilmContent.plain("made",
                PixelArray.of(1, 1, 2, 1, new int[]{7, 7}), m, Map.of()), FilmOptions.DEFAULT);
        assertArrayEquals(new double[]{0, 0}, film.display());
        assertArrayEquals(new byte[]{0, 0}, film.himl());
    }

    /** Narrow ranges are tabulated, wide ones are not; the results are equal. */
    @Test
    void wideRangesAreComputedOneByOne() throws ImageFormatException {
        int[] values = {Integer.MIN_VALUE, -5, 0, 70_000, Integer.MAX_VALUE};
        PixelMeaning m = PixelMeaning.plain(Photometric.MONOCHROME2, new Depth(32, true));
        Film film = new Film(Path.of("x"), FilmContent.plain("made", PixelArray.of(1, 1, 5, 1, values), m, Map.of()),
                FilmOptions.DEFAULT);
        assertArrayEquals(new double[]{0, 0.5, 0.5, 0.5, 1}, film.display(), 1e-4);
        assertArrayEquals(new byte[]{0, 127, 127, 127, (byte) 255}, film.himl());
    }

    @Test
    void pngKeepsItsDepth() throws IOException {
        BufferedImage wide = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        wide.getRaster().setPixels(0, 0, 2, 1, new int[]{300, 65535});
        Film film = Films.read(write(wide, "png"));
        assertArrayEquals(new int[]{300, 65535}, film.pixels().integers());
        assertEquals(300 / 65535.0, film.display()[0]);
        assertEquals(1, film.picture().get(0, 0, 0));
        assertArrayEquals(Images.read(film.file()).samples(), film.picture().samples());

        BufferedImage bits = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY);
        bits.getRaster().setPixels(0, 0, 3, 1, new int[]{1, 0, 1});
        assertArrayEquals(new int[]{1, 0, 1}, Films.read(write(bits, "png")).pixels().integers());
        assertArrayEquals(new double[]{1, 0, 1}, Films.read(write(bits, "png")).display());

        BufferedImage colour = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        colour.setRGB(0, 0, 0x40FF8000);
        Path file = write(colour, "png");
        assertArrayEquals(new int[]{255, 128, 0}, Films.read(file).pixels().integers());
        assertArrayEquals(new byte[]{(byte) 255, (byte) 128, 0}, Films.read(file).picture().samples());
        assertEquals(255, read(file, Loader.TORCHXRAYVISION, WindowChoice.FROM_FILE).picture().get(0, 0, 0));
        assertEquals(1, read(file, Loader.HIML, WindowChoice.FROM_FILE).picture().channels());
    }

    @Test
    void tiffOfBothDepthsPolaritiesAndOfPages() throws IOException {
        BufferedImage wide = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        wide.getRaster().setPixels(0, 0, 2, 1, new int[]{300, 65535});
        Film film = Films.read(write(wide, "tiff"));
        assertEquals("TIFF", film.format());
        assertArrayEquals(new int[]{300, 65535}, film.pixels().integers());
        assertEquals(1, film.picture().get(0, 0, 0));

        for (int bits : new int[]{1, 8, 16}) {
            int[] values = bits == 1 ? new int[]{1, 0} : bits == 8 ? new int[]{200, 100} : new int[]{500, 65535};
            for (int white = 0; white < 2; white++) {
                Film own = Films.read(Files.write(temp.resolve("own.tif"), tiff(bits, white == 0, values)));
                assertArrayEquals(values, own.pixels().integers(), bits + " bits");
                double y = values[0] / own.meaning(0).depth().max();
                assertEquals(white == 0 ? 1 - y : y, own.display()[0], 1e-15);
            }
        }

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (int k = 1; k < 4; k++) {
                wide.getRaster().setSample(0, 0, 0, k);
                writer.writeToSequence(new IIOImage(wide, null, null), null);
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
        Path pages = Files.write(temp.resolve("pages.tif"), out.toByteArray());
        assertArrayEquals(new int[]{1, 65535, 2, 65535, 3, 65535}, Films.read(pages).pixels().integers());
        Film third = Films.read(pages, new FilmOptions(Loader.STANDARD, 3, WindowChoice.FROM_FILE));
        assertArrayEquals(new int[]{3, 65535}, third.pixels().integers());
        assertThrows(ImageFormatException.class,
                () -> Films.read(pages, new FilmOptions(Loader.STANDARD, 4, WindowChoice.FROM_FILE)));

        byte[] ring = tiff(8, false, new int[]{1, 2});
        ByteBuffer.wrap(ring).order(ByteOrder.LITTLE_ENDIAN).putInt(8 + 2 + 12 * TIFF_FIELDS, 8);
        ImageFormatException e = assertThrows(ImageFormatException.class,
                () -> Films.read(Files.write(temp.resolve("ring.tif"), ring)));
        assertTrue(e.getMessage().contains("ring"), e.getMessage());
    }

    @Test
    void tiffOfFloatingPointSamplesInJpegIsRefusedInWords() throws IOException {
        byte[] page = tiff(16, false, new int[]{1, 2});
        ByteBuffer b = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        b.putShort(8 + 2 + 12 * 3 + 8, (short) 7); // Compression: JPEG
        b.putShort(8 + 2 + 12 * 4, (short) 339).putShort(8 + 2 + 12 * 4 + 8, (short) 3); // SampleFormat: IEEE
        ImageFormatException e = assertThrows(ImageFormatException.class,
                () -> Films.read(Files.write(temp.resolve("jpeg.tif"), page)));
        assertTrue(e.getMessage().contains("floating-point samples in JPEG"), e.getMessage());
    }

    private static final int TIFF_FIELDS = 7;

    /** A page of one row in one strip, right after its directory. */
    private static byte[] tiff(int bits, boolean whiteIsZero, int[] values) {
        int data = 8 + 2 + 12 * TIFF_FIELDS + 4;
        ByteBuffer b = ByteBuffer.allocate(data + 2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        b.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) TIFF_FIELDS);
        int[][] fields = {{256, values.length}, {257, 1}, {258, bits}, {259, 1}, {262, whiteIsZero ? 0 : 1},
                {273, data},
                {279, Math.max(1, values.length * bits / 8)}};
        for (int[] f : fields) {
            b.putShort((short) f[0]).putShort((short) 3).putInt(1).putShort((short) f[1]).putShort((short) 0);
        }
        b.putInt(0);
        for (int i = 0; i < values.length; i++) {
            switch (bits) {
                case 1 -> b.put(data, (byte) (b.get(data) | values[i] << 7 - i));
                case 8 -> b.put((byte) values[i]);
                default -> b.putShort((short) values[i]);
            }
        }
        return b.array();
    }

    private Path write(BufferedImage image, String format) throws IOException {
        Path file = temp.resolve("picture." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()));
        return file;
    }

    @Test
    void contentDecidesAndNeverTheName() throws IOException {
        Path file = Files.copy(dicom("ts_explicit_le.dcm"), temp.resolve("x.png"));
        assertEquals("DICOM", Films.read(file).format());
        ImageFormatException e = assertThrows(ImageFormatException.class,
                () -> Films.read(Files.writeString(temp.resolve("x.dcm"), "no film at all, only some text")));
        assertTrue(e.getMessage().contains("has an unknown format (BMP, DICOM, GIF, JPEG, JPEG 2000, MetaImage,"
                + " NIfTI, NRRD, PNG, TIFF)"), e.getMessage());
        assertThrows(ImageFormatException.class, () -> Films.read(Files.createFile(temp.resolve("empty"))));
    }

    /** Another reader of DICOM, as a user may put one on the class path. */
    public static final class OtherReader implements FilmReader {
        @Override
        public String format() {
            return "DICOM by others";
        }

        @Override
        public int priority() {
            return 10;
        }

        @Override
        public Match accepts(byte[] head) {
            return head.length > 132 && head[128] == 'D' ? Match.YES : Match.NO;
        }

        @Override
        public FilmContent read(Path file, int frame) {
            return FilmContent.plain(format(), PixelArray.of(1, 1, 1, 1, new int[]{9}),
                    PixelMeaning.plain(Photometric.MONOCHROME1, new Depth(8, false)), Map.of());
        }
    }

    @Test
    void anotherReaderOnTheClassPathGoesFirst() throws IOException {
        Path services = Files.createDirectories(temp.resolve("META-INF/services"));
        Files.writeString(services.resolve(FilmReader.class.getName()), OtherReader.class.getName(),
                StandardCharsets.UTF_8);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader more = new URLClassLoader(new URL[]{temp.toUri().toURL()}, before)) {
            thread.setContextClassLoader(more);
            Film film = Films.read(dicom("ts_explicit_le.dcm"));
            assertEquals("DICOM by others", film.format());
            assertEquals(1 - 9 / 255.0, film.display()[0]);
            assertEquals("PNG", Films.read(TestData.resource("/cxr/00000001_000.png")).format());
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
