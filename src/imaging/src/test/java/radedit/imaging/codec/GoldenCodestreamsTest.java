package radedit.imaging.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every sample of every golden codestream, including lossy ones, equals that of the reference decoders. */
class GoldenCodestreamsTest {
    @TestFactory
    Stream<DynamicTest> decodesExactly() {
        return Golden.all().stream().map(g -> DynamicTest.dynamicTest(g.name(), () -> {
            DecodedFrame f = g.decode();
            assertEquals(g.width() + " x " + g.height() + " x " + g.components(),
                    f.width() + " x " + f.height() + " x " + f.components());
            assertEquals(g.precision(), f.precision());
            assertEquals(g.signed(), f.signed());
            assertEquals(g.sha256(), Golden.hash(f.samples()));
        }));
    }

    @Test
    void coversEverySyntax() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Golden g : Golden.all()) {
            assertTrue(FrameDecoders.supports(g.syntax()));
            counts.merge(g.syntax(), 1, Integer::sum);
        }
        System.out.println("golden codestreams by transfer syntax: " + counts);
        assertEquals(9, counts.size());
    }

    /** Annex G by hand: two planes of a 16-bit sample, with a literal run, a repeat, a no-op and padding. */
    @Test
    void unpacksRle() throws CodecException {
        byte[] data = new byte[64 + 8 + 4];
        data[0] = 2;
        data[4] = 64;
        data[8] = 72;
        byte[] high = {1, 0x12, (byte) 0x80, -128, -2, 0x34, 0, 0};
        byte[] low = {-4, (byte) 0xFF, 0, 0};
        System.arraycopy(high, 0, data, 64, 8);
        System.arraycopy(low, 0, data, 72, 4);
        DecodedFrame f = FrameDecoders.decode("1.2.840.10008.1.2.5", data, 5, 1, 1, 16);
        assertArrayEquals(new int[]{0x12FF, 0x80FF, 0x34FF, 0x34FF, 0x34FF}, f.samples());
    }

    /** The data set's RGB decides where the codestream says nothing, and only there. */
    @Test
    void believesColourMarksFirst() throws CodecException {
        String syntax = "1.2.840.10008.1.2.4.50";
        for (String name : List.of("pydicom_SC_rgb_dcmtk_-eb-cr", "pydicom_SC_rgb_dcmtk_-eb-cy-n1")) {
            Golden g = Golden.named(name);
            for (String photometric : List.of("RGB", "YBR_FULL_422")) {
                DecodedFrame f = FrameDecoders.decode(syntax, g.codestream(), g.width(), g.height(), 3, 8, photometric);
                assertEquals(g.sha256(), Golden.hash(f.samples()), name + " as " + photometric);
            }
        }
        Golden g = Golden.named("pydicom_SC_jpeg_no_color_transform");
        int[] ycc = FrameDecoders.decode(syntax, g.codestream(), g.width(), g.height(), 3, 8).samples();
        int[] rgb = g.decode().samples();
        assertTrue(!Arrays.equals(ycc, rgb), "an unmarked codestream is YCbCr unless the data set says RGB");
    }

    /** Markers decide in libjpeg's order; what they leave open, the data set decides, as in pydicom, GDCM and DCMTK. */
    @Test
    void colourMarksHaveAnOrder() throws CodecException {
        Golden g = Golden.named("pydicom_SC_jpeg_no_color_transform");
        byte[] jfif = {-1, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
        byte[] none = adobe(0);
        byte[] ycc = adobe(1);
        byte[][] marks = {{}, jfif, none, ycc, join(jfif, none), join(jfif, ycc)};
        String[] dataSet = {null, "RGB", "YBR_FULL_422"};
        // Components called 0, 1, 2, and R, G, B: which of the three data sets makes YCbCr of them.
        String[][] expected = {{"Y-Y", "---"}, {"YYY", "YYY"}, {"--Y", "---"}, {"YYY", "YYY"}, {"YYY", "YYY"},
                {"YYY", "YYY"}};
        int[] raw = g.decode().samples();
        for (int named = 0; named < 2; named++) {
            for (int m = 0; m < marks.length; m++) {
                StringBuilder found = new StringBuilder();
                for (String said : dataSet) {
                    byte[] codestream = renamed(g.codestream(), named == 1 ? "RGB" : "\0\1\2", marks[m]);
                    int[] samples = FrameDecoders
                            .decode("1.2.840.10008.1.2.4.50", codestream, g.width(), g.height(), 3, 8, said).samples();
                    found.append(Arrays.equals(samples, raw) ? '-' : 'Y');
                }
                assertEquals(expected[m][named], found.toString(), "marks " + m + ", names " + named);
            }
        }
    }

    private static byte[] adobe(int transform) {
        return new byte[]{-1, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    /** A codestream whose three components have other names, with marks behind its beginning. */
    private static byte[] renamed(byte[] codestream, String names, byte[] marks) {
        byte[] out = codestream.clone();
        for (int at = 2; (out[at + 1] & 0xFF) != 0xDA; at += 2 + (out[at + 2] & 0xFF) * 256 + (out[at + 3] & 0xFF)) {
            int next = at + 2 + (out[at + 2] & 0xFF) * 256 + (out[at + 3] & 0xFF);
            for (int c = 0; c < 3; c++) {
                if ((out[at + 1] & 0xFF) == 0xC0) {
                    out[at + 10 + 3 * c] = (byte) names.charAt(c);
                }
                if ((out[next + 1] & 0xFF) == 0xDA) {
                    out[next + 5 + 2 * c] = (byte) names.charAt(c);
                }
            }
        }
        return join(join(Arrays.copyOf(out, 2), marks), Arrays.copyOfRange(out, 2, out.length));
    }
}
