package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

import org.junit.jupiter.api.Test;

import radedit.imaging.dicom.DicomBuilder;
import radedit.testdata.TestData;

/**
 * Damaged films are refused cleanly or read, in memory proportional to their size; nothing else happens. The property
 * {@code mutations} multiplies the number of mutations, for a longer search.
 */
class HostileFilmsTest {
    static final Path NAME = Path.of("made.dcm");
    private static final int LONGER = Integer.getInteger("mutations", 1);
    private static final long SLOWEST_NANOS = 5_000_000_000L;
    private static final String DEFLATED = "1.2.840.10008.1.2.1.99";

    private static final List<String> COMPRESSED = List.of("/pydicom/MR_small_RLE.dcm",
            "/pydicom/SC_rgb_small_odd_jpeg.dcm", "/pydicom/SC_rgb_jpeg_gdcm.dcm",
            "/pydicom/MR_small_jpeg_ls_lossless.dcm", "/pydicom/JPEGLSNearLossless_08.dcm",
            "/pydicom/MR_small_jp2klossless.dcm", "/cxr/dicom/fragments_nobot.dcm", "/odd/jpeg12_signed_positive.dcm",
            "/odd/j2k_frames.dcm", "/odd/jls_near_signed.dcm");

    @FunctionalInterface
    interface Reading {
        FilmContent of(byte[] bytes) throws IOException;
    }

    /**
     * Reads mutations of files and uses the results.
     *
     * @param expansion
     *            bytes that may be allocated for each byte of a file, beside a megabyte
     */
    static void mutate(String what, List<byte[]> good, int count, int expansion, Reading reading)
            throws IOException {
        int n = count * LONGER;
        for (byte[] each : good) {
            try {
                use(reading.of(each), 0); // load classes before memory is measured
            } catch (ImageFormatException e) {
                System.out.println(what + ": " + e.getMessage());
            }
        }
        Random r = new Random(11);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        long most = 0;
        long slowest = 0;
        for (int i = 0; i < n; i++) {
            byte[] bad = mutation(good.get(i % good.size()), r);
            long before = threads.getCurrentThreadAllocatedBytes();
            long start = threads.getCurrentThreadCpuTime();
            try {
                use(reading.of(bad), i);
            } catch (ImageFormatException e) {
                assertTrue(e.getMessage().startsWith(NAME + ": ") && e.getMessage().length() < 400, e.getMessage());
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("mutation " + i + " of " + what, e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            most = Math.max(most, allocated);
            slowest = Math.max(slowest, threads.getCurrentThreadCpuTime() - start);
            assertTrue(allocated < (1 << 20) + (long) expansion * bad.length,
                    allocated + " bytes for mutation " + i + " of " + what + ", " + bad.length + " bytes");
        }
        System.out.printf("%s: %d mutations of up to %d bytes, %d refused, at most %d kB allocated and %d ms for one%n",
                what, n, good.stream().mapToInt(g -> g.length).max().getAsInt(), refused, most >> 10,
                slowest / 1_000_000);
        assertTrue(slowest < SLOWEST_NANOS, what + ": slowest " + slowest + " ns");
        assertTrue(refused > n / 20, "mutations hit something");
    }

    /** Computes all views of a film; a number selects loader and window. */
    private static void use(FilmContent content, int i) throws ImageFormatException {
        WindowChoice window = i % 3 == 1 ? new WindowChoice.Given(10, 20) : WindowChoice.FROM_FILE;
        Loader loader = Loader.values()[i % Loader.values().length];
        Film film = new Film(NAME, content, new FilmOptions(loader, FilmReader.ALL_FRAMES, window));
        film.modality();
        film.display();
        film.himl();
        film.picture(0);
        Explanation.of(film, 0, new Explanation.Pixel(0, 0));
    }

    private static byte[] mutation(byte[] good, Random r) {
        byte[] b = good.clone();
        for (int n = 1 + r.nextInt(3); n > 0; n--) {
            int at = r.nextInt(b.length);
            switch (r.nextInt(7)) {
                case 0 -> b[at] ^= (byte) (1 << r.nextInt(8));
                case 1 -> b[at] = (byte) r.nextInt(256);
                case 2 -> b[at] = new byte[]{0, 1, -1, 127, -128, '\\', '.', '-'}[r.nextInt(8)];
                case 3 -> Arrays.fill(b, at, Math.min(b.length, at + 4), (byte) (r.nextBoolean() ? -1 : 0x7F));
                case 4 -> b = Arrays.copyOf(b, Math.max(8, r.nextInt(b.length)));
                case 5 -> b = Arrays.copyOf(b, b.length + r.nextInt(50));
                default -> { // repeat a piece
                    int from = r.nextInt(b.length);
                    System.arraycopy(b, from, b, at, Math.min(r.nextInt(40), b.length - Math.max(from, at)));
                }
            }
        }
        return b;
    }

    @Test
    void dicom() throws IOException {
        mutate("DICOM", List.of(grey(), implicit(), palette(), colour(), frames(), fragments(), odd()), 42_000, 64,
                DicomBuilder::read);
    }

    /** A file of each compressed syntax: RLE, JPEG baseline and lossless, JPEG-LS, JPEG 2000. */
    @Test
    void compressedDicom() throws IOException {
        List<byte[]> good = new ArrayList<>();
        for (String name : COMPRESSED) {
            good.add(Files.readAllBytes(TestData.resource(name)));
        }
        mutate("compressed DICOM", good, 4_000, 256, DicomBuilder::read);
    }

    @Test
    void deflatedDicom() throws IOException {
        // Deflate can encode 1032 bytes in one, and their number is not known in advance.
        mutate("deflated DICOM", List.of(deflated(grey())), 4_000, 8 * 1032, DicomBuilder::read);
    }

    @Test
    void nifti() throws IOException {
        mutate("NIfTI", List.of(nifti((short) 4, 2), nifti((short) 16, 4), nifti((short) 64, 8), nifti((short) 1024, 8),
                nifti((short) 2304, 4), second()), 16_000, 64, b -> niftiReader(b, false));
        mutate("gzipped NIfTI", List.of(gzip(nifti((short) 4, 2))), 2_000, 8 * 1032, b -> niftiReader(b, true));
    }

    private static FilmContent niftiReader(byte[] bytes, boolean zipped) throws IOException {
        try {
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            return new NiftiReader().read(NAME, zipped ? new GZIPInputStream(in) : in, 0,
                    zipped ? bytes.length * 1032L : bytes.length);
        } catch (EOFException | ZipException e) {
            throw new ImageFormatException(NAME, "truncated or damaged", e);
        }
    }

    private static byte[] grey() {
        DicomBuilder lut = DicomBuilder.explicit().us(0x00283002, 16, 10, 12);
        lut.value(0x00283006, "US", new byte[32]);
        DicomBuilder inner = DicomBuilder.explicit().text(0x00091002, "LO", "PRIVATE");
        DicomBuilder b = DicomBuilder.explicit().text(0x00080005, "CS", "ISO_IR 100")
                .sequence(0x00091001, "SQ", true, DicomBuilder.explicit().sequence(0x00091003, "SQ", true, inner))
                .image(8, 8, "MONOCHROME1", 1, 16).text(0x00280034, "IS", "4\\3").us(0x00280120, 0).us(0x00280121, 3)
                .text(0x00281050, "DS", "12.5\\40").text(0x00281051, "DS", "30\\80").text(0x00281055, "LO", "A\\B")
                .text(0x00281052, "DS", "-3").text(0x00281053, "DS", "1.5").sequence(0x00283010, "SQ", true, lut);
        return pixels(b, 128).file("1.2.840.10008.1.2.1");
    }

    private static byte[] implicit() {
        DicomBuilder lut = new DicomBuilder(false, false).us(0x00283002, 8, 10, 8);
        lut.value(0x00283006, "OW", new byte[]{1, 2, 3, 4, 5, 6, 7, 8});
        DicomBuilder b = new DicomBuilder(false, false).text(0x00080060, "CS", "DX").image(8, 8, "MONOCHROME2", 1, 8)
                .us(0x00280103, 1).sequence(0x00283000, "SQ", false, lut);
        return pixels(b, 64).dataSet();
    }

    /** Elements without or with unknown value representations, sequences as unknown, bits and numbers that disagree. */
    private static byte[] odd() {
        DicomBuilder bare = new DicomBuilder(false, false).text(0x00091010, null, "bare");
        DicomBuilder other = DicomBuilder.explicit().header(0x00091012, "ZZ", 4).bytes(new byte[4]);
        DicomBuilder inner = DicomBuilder.explicit().text(0x00081150, "UI", "1.2.3.4");
        DicomBuilder open = DicomBuilder.explicit().header(0x00091014, "UN", -1).header(0xFFFEE000, null, -1)
                .bytes(inner.dataSet()).header(0xFFFEE00D, null, 0).header(0xFFFEE0DD, null, 0);
        DicomBuilder b = DicomBuilder.explicit().text(0x00080005, "CS", "ISO_IR 100").bytes(bare.dataSet())
                .bytes(other.dataSet()).bytes(open.dataSet()).image(8, 8, "MONOCHROME2", 1, 16).us(0x00280101, 12)
                .us(0x00280102, 15).text(0x00280030, "DS", "0,2\\0,2").text(0x00280120, "IS", "7")
                .text(0x00281050, "DS", "x\\12,5").text(0x00281051, "DS", "9\\40").text(0x00281052, "DS", "-1,5")
                .text(0x20500020, "CS", "INVERSE");
        return pixels(b, 128).file("1.2.840.10008.1.2.1");
    }

    private static byte[] palette() {
        DicomBuilder b = DicomBuilder.explicit().image(4, 4, "PALETTE COLOR", 1, 8);
        for (int c = 0; c < 3; c++) {
            b.us(0x00281101 + c, 7, 0, 16).value(0x00281221 + c, "OW", b.words(0, 2, 3, 5, 1, 3, 11, 2, 1, 0, 0));
        }
        return pixels(b, 16).file("1.2.840.10008.1.2.1");
    }

    private static byte[] colour() {
        DicomBuilder b = new DicomBuilder(true, true).text(0x00080060, "CS", "OT").image(4, 5, "YBR_FULL_422", 3, 8);
        return pixels(b, 48).file("1.2.840.10008.1.2.2");
    }

    private static byte[] frames() {
        DicomBuilder window = DicomBuilder.explicit().text(0x00281050, "DS", "10").text(0x00281051, "DS", "50")
                .text(0x00281056, "CS", "SIGMOID");
        DicomBuilder group = DicomBuilder.explicit().sequence(0x00289132, "SQ", true, window);
        DicomBuilder b = DicomBuilder.explicit().image(4, 4, "MONOCHROME2", 1, 16).text(0x00280008, "IS", "3")
                .sequence(0x52009230, "SQ", true, group, group, group);
        return pixels(b, 96).file("1.2.840.10008.1.2.1");
    }

    private static byte[] fragments() {
        return DicomBuilder.explicit().image(4, 4, "MONOCHROME2", 1, 8).text(0x00280008, "IS", "2")
                .fragments(new byte[]{0, 0, 0, 0, 24, 0, 0, 0}, new byte[16], new byte[16])
                .file("1.2.840.10008.1.2.5");
    }

    private static DicomBuilder pixels(DicomBuilder b, int bytes) {
        byte[] cells = new byte[bytes];
        new Random(5).nextBytes(cells);
        return b.value(0x7FE00010, "OW", cells);
    }

    private static byte[] deflated(byte[] file) throws IOException {
        int meta = 132 + 8 + 20;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream d = new DeflaterOutputStream(out, new Deflater(9, true))) {
            d.write(file, meta, file.length - meta);
        }
        return DicomBuilder.file(DEFLATED, out.toByteArray());
    }

    /** NIfTI-2, 4 x 3 x 2 voxels of 16 bits. */
    private static byte[] second() {
        ByteBuffer b = ByteBuffer.allocate(544 + 48).order(ByteOrder.BIG_ENDIAN);
        b.putInt(0, 540).put(4, new byte[]{'n', '+', '2', 0, '\r', '\n', 0x1A, '\n'}).putShort(12, (short) 512);
        b.putLong(16, 3).putLong(24, 4).putLong(32, 3).putLong(40, 2).putLong(168, 544).putDouble(176, 2);
        for (int i = 0; i < 24; i++) {
            b.putShort(544 + 2 * i, (short) (i * 99));
        }
        return b.array();
    }

    /** 6 x 5 voxels. */
    static byte[] nifti(short type, int bytes) {
        ByteBuffer b = ByteBuffer.allocate(352 + 30 * bytes).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(0, 348).putShort(40, (short) 3).putShort(42, (short) 6).putShort(44, (short) 5).putShort(46,
                (short) 1);
        b.putShort(70, type).putShort(72, (short) (8 * bytes)).putFloat(80, 2).putFloat(84, 3).putFloat(108, 352);
        b.putFloat(112, 0.5f).putFloat(116, -7).put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
        for (int i = 0; i < 30; i++) {
            int at = 352 + i * bytes;
            switch (type) {
                case 4 -> b.putShort(at, (short) (i * 7 - 90));
                case 16 -> b.putFloat(at, i == 4 ? Float.NaN : i * 1.5f);
                case 2304 -> b.putInt(at, i * 0x01020304);
                case 1024 -> b.putLong(at, i * 0x0102030405L - 7);
                default -> b.putDouble(at, i * i);
            }
        }
        return b.array();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream z = new GZIPOutputStream(out)) {
            z.write(bytes);
        }
        return out.toByteArray();
    }
}
