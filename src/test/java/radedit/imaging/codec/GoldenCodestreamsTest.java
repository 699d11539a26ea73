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

/** Every sample of every golden codestream, lossy ones included, is what the reference decoders give. */
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

    /** A data set that says RGB is believed where the codestream says nothing, and only there. */
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
}
