package radedit.imaging.mask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.MaskSelection;
import radedit.imaging.dicom.DicomBuilder;
import radedit.testdata.TestData;

/**
 * Damaged masks are refused cleanly or read, in memory proportional to their size. -Dradedit.mutations=N makes N times as
 * many mutations.
 */
class HostileMasksTest {
    private static final Extent FILM = new Extent(91, 127);
    private static final int TIMES = Integer.getInteger("radedit.mutations", 1);

    @TempDir
    Path temp;

    @FunctionalInterface
    private interface Reading {
        Mask of(byte[] bytes) throws IOException;
    }

    private static void mutate(String what, List<byte[]> good, int n, int expansion, Reading reading)
            throws IOException {
        for (byte[] each : good) {
            reading.of(each); // load classes before memory is measured
        }
        Random r = new Random(7);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        long most = 0;
        for (int i = 0; i < n * TIMES; i++) {
            byte[] bad = mutation(good.get(i % good.size()), r);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                reading.of(bad);
            } catch (ImageFormatException e) {
                assertTrue(e.getMessage().length() < 700, e.getMessage());
                refused++;
            } catch (RuntimeException | IOException e) {
                throw new AssertionError("mutation " + i + " of " + what, e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            most = Math.max(most, allocated);
            assertTrue(allocated < (1 << 20) + (long) expansion * bad.length,
                    allocated + " bytes for mutation " + i + " of " + what + ", " + bad.length + " bytes");
        }
        System.out.printf("%s: %d mutations, %d refused, at most %d kB allocated for one of %d bytes%n", what,
                n * TIMES, refused, most >> 10, good.stream().mapToInt(g -> g.length).max().getAsInt());
        assertTrue(refused > n * TIMES / 50, "mutations hit something: " + refused);
    }

    private static byte[] mutation(byte[] good, Random r) {
        byte[] b = good.clone();
        for (int n = 1 + r.nextInt(3); n > 0; n--) {
            int at = r.nextInt(b.length);
            switch (r.nextInt(6)) {
                case 0 -> b[at] ^= (byte) (1 << r.nextInt(8));
                case 1 -> b[at] = (byte) r.nextInt(256);
                case 2 -> b[at] = new byte[]{0, 1, -1, 127, ' ', '9', ',', '-', '"', '\n'}[r.nextInt(10)];
                case 3 -> Arrays.fill(b, at, Math.min(b.length, at + 4), (byte) (r.nextBoolean() ? -1 : '9'));
                case 4 -> b = Arrays.copyOf(b, Math.max(8, r.nextInt(b.length)));
                default -> { // repeat a piece
                    int from = r.nextInt(b.length);
                    System.arraycopy(b, from, b, at, Math.min(r.nextInt(40), b.length - Math.max(from, at)));
                }
            }
        }
        return b;
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(TestData.resource("/cxr/masks/" + name));
    }

    @Test
    void segmentations() throws IOException {
        List<byte[]> good = new ArrayList<>();
        for (String name : new String[]{"binary", "fractional", "fractional_rle", "fractional_implicit", "labelmap"}) {
            good.add(bytes("seg_" + name + ".dcm"));
        }
        MaskSelection[] choices = {MaskSelection.DEFAULT, MaskSelection.parse("x", "frame=all"),
                MaskSelection.parse("x", "frame=1"), MaskSelection.parse("x", "above=7")};
        int[] turn = {0};
        mutate("segmentations", good, 2500, 256, b -> DicomBuilder.segmentation(b, choices[turn[0]++ % 4]));
        mutate("deflated segmentations", List.of(bytes("seg_fractional_deflated.dcm")), 300, 8 * 1032,
                b -> DicomBuilder.segmentation(b, MaskSelection.DEFAULT));
    }

    @Test
    void files() throws IOException {
        for (String name : new String[]{"identity.nii.gz", "flipped.nii.gz"}) {
            mutate(name, List.of(bytes(name)), 200, 24 * 1032, b -> file(name, b));
        }
        byte[] plain = new java.util.zip.GZIPInputStream(Files.newInputStream(TestData.resource(
                "/cxr/masks/float_scaled.nii.gz"))).readAllBytes();
        mutate("NIfTI", List.of(plain), 600, 64, b -> file("x.nii", b));
        // Deflate can encode 1032 bytes in one, and a byte can hold eight pixels.
        mutate("PNG", List.of(bytes("palette.png"), bytes("grey16_soft.png"), bytes("rgba_alpha.png")), 400,
                24 * 8 * 1032,
                b -> file("x.png", b));
    }

    private Mask file(String name, byte[] bytes) throws IOException {
        Path f = Files.write(temp.resolve(name), bytes);
        return MaskSource.of(f.toString()).read(FILM, note -> {});
    }

    @Test
    void texts() throws IOException {
        byte[] runs = "3 4 20 2 89 7 364 2 1851 5 1940 9 11557 1".getBytes(StandardCharsets.ISO_8859_1);
        mutate("run lengths", List.of(runs), 1000, 256, b -> {
            String s = new String(b, StandardCharsets.ISO_8859_1);
            return RunLength.decode("rle", s, FILM);
        });
        byte[] table = bytes("chexmask.csv");
        mutate("tables", List.of(table), 500, 256, b -> {
            Path f = Files.write(temp.resolve("t.csv"), b);
            String kind = b.length % 2 == 0 ? "rle:" + f + "#row=2,column=heart" : "landmarks:" + f + "#row=2";
            return MaskSource.of(kind).read(FILM, note -> {});
        });
        byte[] polygon = "0,0 16,1e1 0.5,16 -3,+4".getBytes(StandardCharsets.ISO_8859_1);
        mutate("polygons", List.of(polygon), 500, 256,
                b -> MaskSource.of("polygon:" + new String(b, StandardCharsets.ISO_8859_1)).read(FILM, note -> {}));
    }

    /** A table with an endless cell, and one with more rows than fit into memory: neither is loaded. */
    @Test
    void tablesLargerThanMemory() throws IOException {
        Path file = temp.resolve("t.csv");
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("id,Heart,Height,Width\n");
            String row = "\"" + "1 1 ".repeat(250) + "\"\n";
            for (int i = 0; i < 2_000; i++) {
                out.write(i + "," + row);
            }
            out.write("wanted,2 3,5,4\nlong,\"");
            for (int i = 0; i < 17_000; i++) {
                out.write("1 1 ".repeat(250));
            }
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertEquals(3, MaskSource.of("rle:" + file + "#row=2001,column=heart").read(null, n -> {}).count());
        long before = threads.getCurrentThreadAllocatedBytes();
        ImageFormatException e = assertThrows(ImageFormatException.class,
                () -> MaskSource.of("rle:" + file + "#id=long,column=heart").read(null, n -> {}));
        assertTrue(e.getMessage().contains("longer than"), e.getMessage());
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        System.out.printf("a table of %d MB: %d MB allocated in all, a row at a time%n", Files.size(file) >> 20,
                allocated >> 20);
    }

    /** Sizes in headers are checked against the data. */
    @Test
    void absurdClaims() throws IOException {
        DicomBuilder b = DicomBuilder.explicit().text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.4")
                .text(0x00280008, "IS", "2147483647").us(0x00280002, 1).text(0x00280004, "CS", "MONOCHROME2")
                .us(0x00280010, 65535).us(0x00280011, 65535).us(0x00280100, 1).us(0x00280101, 1).us(0x00280102, 0)
                .us(0x00280103, 0).text(0x00620001, "CS", "BINARY").value(0x7FE00010, "OB", new byte[64]);
        assertThrows(ImageFormatException.class,
                () -> DicomBuilder.segmentation(b.file("1.2.840.10008.1.2.1"), MaskSelection.DEFAULT));
        assertThrows(ImageFormatException.class, () -> MaskSource.of("rle:1 1").read(
                Extent.checked("x", 65535, 65535), n -> {}));
        assertThrows(ImageFormatException.class,
                () -> RunLength.decode("x", "1 2147483648 9999999999 9999999999", FILM));
    }
}
