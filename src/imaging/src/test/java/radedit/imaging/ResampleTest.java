package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.testdata.TestData;

/** Against Pillow, pixel by pixel. */
class ResampleTest {
    private final Picture film = read("/cxr/00000001_000.png");

    private static Picture read(String name) {
        try {
            return Images.read(TestData.resource(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(Picture p) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(p.samples()));
    }

    /** The film stretched to 0..255, beside its transpose and over its mirror images. */
    private Picture mosaic() {
        int n = film.width();
        byte[] a = film.samples().clone();
        int min = 255;
        int max = 0;
        for (byte v : a) {
            min = Math.min(min, v & 0xFF);
            max = Math.max(max, v & 0xFF);
        }
        for (int i = 0; i < a.length; i++) {
            a[i] = (byte) (int) ((double) ((a[i] & 0xFF) - min) / (max - min) * 255);
        }
        byte[] out = new byte[4 * n * n];
        for (int y = 0; y < n; y++) {
            for (int x = 0; x < n; x++) {
                out[y * 2 * n + x] = a[y * n + x];
                out[y * 2 * n + n + x] = a[x * n + y];
                out[(n + y) * 2 * n + x] = a[y * n + n - 1 - x];
                out[(n + y) * 2 * n + n + x] = a[(n - 1 - y) * n + x];
            }
        }
        return new Picture(2 * n, 2 * n, 1, out);
    }

    @ParameterizedTest
    @EnumSource(Resample.Filter.class)
    void equalsPillow(Resample.Filter filter) throws Exception {
        JsonNode expected = new ObjectMapper().readTree(TestData.resource("/cxr/resample.json").toFile());
        String name = filter.name().toLowerCase(java.util.Locale.ROOT);
        Picture down = Resample.resize(mosaic().crop(0, 0, 1000, 907), 512, 512, filter);
        assertEquals(expected.get("pil_" + name + "_sha256").asText(), sha256(down));
        Picture up = Resample.resize(film.crop(100, 200, 300, 260), 611, 333, filter);
        assertEquals(expected.get("pil_up_" + name + "_sha256").asText(), sha256(up));
    }

    @Test
    void sameSizeIsTheSamePicture() {
        assertArrayEquals(film.samples(), Resample.resize(film, 512, 512, Resample.Filter.LANCZOS).samples());
    }
}
