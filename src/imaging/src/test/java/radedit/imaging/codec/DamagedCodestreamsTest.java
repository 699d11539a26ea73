package radedit.imaging.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

/** Damaged, foreign or contradictory codestreams end in an exception, never in a crash or a wrong picture. */
class DamagedCodestreamsTest {
    /** The property {@code mutations} multiplies it, for a longer search. */
    private static final int MUTATIONS = 50_000 * Integer.getInteger("mutations", 1);
    /** Bytes that may be allocated in addition to samples and codestream: mostly tables. */
    private static final long BESIDE = 1 << 20;
    private static final long SLOWEST_NANOS = 5_000_000_000L;

    @Test
    void mutationsNeverCrash() {
        Random random = new Random(20_260_101);
        List<Golden> all = Golden.all();
        Map<String, int[]> counts = new TreeMap<>();
        var clock = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long slowest = 0;
        long most = 0;
        long begin = clock.getCurrentThreadCpuTime();
        for (int i = 0; i < MUTATIONS; i++) {
            Golden g = all.get(random.nextInt(all.size()));
            byte[] damaged = mutate(g.codestream(), random);
            int[] count = counts.computeIfAbsent(g.name().replaceAll("_.*", ""), n -> new int[2]);
            count[0]++;
            long start = clock.getCurrentThreadCpuTime();
            long before = clock.getCurrentThreadAllocatedBytes();
            try {
                checkRange(g.decode(damaged));
                count[1]++;
            } catch (CodecException e) {
                assertFalse(e.getMessage().isBlank());
            } catch (RuntimeException | Error e) {
                throw new AssertionError(g.name() + ", mutation " + i, e);
            }
            slowest = Math.max(slowest, clock.getCurrentThreadCpuTime() - start);
            long allocated = clock.getCurrentThreadAllocatedBytes() - before;
            most = Math.max(most, allocated);
            long bound = BESIDE + 64L * (damaged.length + g.width() * g.height() * g.components());
            assertTrue(allocated < bound, allocated + " bytes for mutation " + i + ", " + g.name());
        }
        System.out.printf(
                "%d mutations in %.1f s of processor time, the slowest %d ms, at most %d kB allocated for one; of each family, and still decodable:",
                MUTATIONS, (clock.getCurrentThreadCpuTime() - begin) / 1e9, slowest / 1_000_000, most >> 10);
        counts.forEach((family, c) -> System.out.print(" " + family + " " + c[0] + ", " + c[1] + ";"));
        System.out.println();
        assertTrue(slowest < SLOWEST_NANOS, "slowest " + slowest + " ns");
    }

    /** Cuts, drops, adds or changes a few bytes, headers more often than the rest. */
    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes = Arrays.copyOf(bytes, at);
            case 1 -> {
                bytes = Arrays.copyOf(original, original.length - 1);
                System.arraycopy(original, at + 1, bytes, at, original.length - at - 1);
            }
            case 2 -> {
                bytes = Arrays.copyOf(original, original.length + 1);
                System.arraycopy(original, at, bytes, at + 1, original.length - at);
            }
            default -> {
            }
        }
        int changes = bytes.length == 0 ? 0 : random.nextInt(5);
        for (int i = 0; i < changes; i++) {
            int where = random.nextInt(random.nextBoolean() ? Math.min(160, bytes.length) : bytes.length);
            bytes[where] = switch (random.nextInt(4)) {
                case 0 -> (byte) random.nextInt(256);
                case 1 -> (byte) (random.nextBoolean() ? 0xFF : 0);
                default -> (byte) (bytes[where] ^ 1 << random.nextInt(8));
            };
        }
        return bytes;
    }

    private static void checkRange(DecodedFrame f) {
        assertEquals((long) f.width() * f.height() * f.components(), f.samples().length);
        int unused = 32 - f.precision();
        for (int v : f.samples()) {
            int wrapped = f.signed() ? v << unused >> unused : v << unused >>> unused;
            assertEquals(wrapped, v, "within the precision");
        }
    }

    /** A cut-off codestream is refused; only what follows the last sample may be missing. */
    @Test
    void cutOffCodestreamsAreRefused() throws CodecException {
        int refused = 0;
        int whole = 0;
        for (Golden g : Golden.all()) {
            int[] samples = g.decode().samples();
            List<Integer> lengths = new ArrayList<>(List.of(0, 1, 2));
            for (int i = 1; i < 16; i++) {
                lengths.add(g.codestream().length * i / 16);
                lengths.add(Math.max(0, g.codestream().length - i));
            }
            for (int length : lengths) {
                try {
                    assertArrayEquals(samples, g.decode(Arrays.copyOf(g.codestream(), length)).samples(),
                            g.name() + " cut to " + length);
                    whole++;
                } catch (CodecException e) {
                    refused++;
                }
            }
        }
        System.out.println("cut-off codestreams: " + refused + " refused, " + whole + " without loss");
        assertTrue(refused > 9 * whole);
    }

    @Test
    void numbersOfTheDataSetMustAgree() {
        for (String name : List.of("j8_33x17", "j12_7x5", "lj_b12_p6", "jls_b12_n0", "j2k_b12")) {
            Golden g = Golden.named(name);
            assertMessage("the data set says", g.syntax(), g.codestream(), g.width() + 1, g.height(), 1, 16);
            assertMessage("the data set says", g.syntax(), g.codestream(), g.width(), g.height() - 1, 1, 16);
            assertMessage("components", g.syntax(), g.codestream(), g.width(), g.height(), 3, 16);
            assertMessage("allocates 7", g.syntax(), g.codestream(), g.width(), g.height(), 1, 7);
        }
        Golden rle = Golden.named("rle_7x5x1_b16");
        assertMessage("segments", rle.syntax(), rle.codestream(), 7, 5, 1, 8);
        assertMessage("too short", rle.syntax(), rle.codestream(), 700, 5, 1, 16);
        assertMessage("cannot be decoded", rle.syntax(), rle.codestream(), 0, 5, 1, 16);
        assertMessage("larger than", rle.syntax(), rle.codestream(), 65535, 65535, 1, 16);
    }

    @Test
    void foreignSyntaxesAreRefusedByName() {
        Map<String, String> names = Map.of("1.2.840.10008.1.2.4.92", "Part 2", "1.2.840.10008.1.2.4.201",
                "High-Throughput", "1.2.840.10008.1.2.4.102", "MPEG-4", "1.2.840.10008.1.2.4.110", "JPEG XL", "1.2.3",
                "1.2.3");
        names.forEach((uid, name) -> {
            assertFalse(FrameDecoders.supports(uid));
            assertMessage(name, uid, new byte[100], 1, 1, 1, 8);
        });
    }

    @Test
    void foreignCodestreamsAreRefusedByName() {
        byte[] jpeg = Golden.named("j8_33x17").codestream();
        assertDct("progressive", changed(jpeg, 0xC0, 1, 0xC2));
        assertDct("arithmetic", changed(jpeg, 0xC0, 1, 0xC9));
        assertDct("hierarchical", changed(jpeg, 0xC0, 1, 0xC5));
        assertMessage("no JPEG-LS", "1.2.840.10008.1.2.4.80", Golden.named("j2k_b8").codestream(), 33, 17, 1, 8);
        assertMessage("JPEG and not JPEG-LS", "1.2.840.10008.1.2.4.80", jpeg, 33, 17, 1, 8);

        Golden jls = Golden.named("jls_b12_n0");
        byte[] mapped = changed(jls.codestream(), 0xDA, 6, 1);
        assertMessage("mapping tables", jls.syntax(), mapped, jls.width(), jls.height(), 1, 16);
        Golden preset = Golden.named("jls_maxval");
        mapped = changed(preset.codestream(), 0xF8, 4, 2);
        assertMessage("mapping tables", preset.syntax(), mapped, preset.width(), preset.height(), 1, 16);

        Golden j2k = Golden.named("j2k_b12");
        byte[] part2 = changed(j2k.codestream(), 0x51, 4, 0x80);
        assertMessage("Part 2", j2k.syntax(), part2, j2k.width(), j2k.height(), 1, 16);
        byte[] part15 = changed(j2k.codestream(), 0x51, 4, 0x40);
        assertMessage("High-Throughput", j2k.syntax(), part15, j2k.width(), j2k.height(), 1, 16);
    }

    private static void assertDct(String message, byte[] codestream) {
        assertMessage(message, "1.2.840.10008.1.2.4.50", codestream, 33, 17, 1, 8);
    }

    private static void assertMessage(String part, String syntax, byte[] codestream, int width, int height,
            int components, int bits) {
        CodecException e = assertThrows(CodecException.class,
                () -> FrameDecoders.decode(syntax, codestream, width, height, components, bits));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    /** The codestream with one byte changed, at a distance from the first marker of a kind. */
    private static byte[] changed(byte[] codestream, int marker, int distance, int value) {
        byte[] bytes = codestream.clone();
        int at = 0;
        while ((bytes[at] & 0xFF) != 0xFF || (bytes[at + 1] & 0xFF) != marker) {
            at++;
        }
        bytes[at + distance] = (byte) value;
        return bytes;
    }
}
