package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Placement;
import radedit.imaging.Resample;
import radedit.testdata.TestData;

class FitTest {
    @Test
    void shortSideThenCentre() {
        // a white column in the middle of a wide black film stays in the middle
        byte[] samples = new byte[60 * 20];
        boolean[] mask = new boolean[60 * 20];
        for (int y = 0; y < 20; y++) {
            for (int x = 28; x < 32; x++) {
                samples[y * 60 + x] = -1;
                mask[y * 60 + x] = true;
            }
        }
        Fit fit = new Fit(60, 20, 10);
        Picture p = fit.apply(new Picture(60, 20, 1, samples));
        Mask m = fit.apply(new Mask(60, 20, mask));
        assertEquals("10 x 10", p.width() + " x " + p.height());
        for (int x = 0; x < 10; x++) {
            assertEquals(x == 4 || x == 5, m.pixels()[50 + x], "column " + x);
            assertEquals(x == 4 || x == 5, p.get(x, 5, 0) > 127, "column " + x);
        }
    }

    @Test
    void nothingHappensToAFilmThatFits() {
        Picture p = new Picture(3, 3, 1, new byte[]{1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertEquals(5, new Fit(3, 3, 3).apply(p).get(1, 1, 0));
        for (FitMode mode : FitMode.values()) {
            assertEquals(5, Fit.of(3, 3, 1, 3, mode, Resample.Filter.LANCZOS).apply(p).get(1, 1, 0));
        }
    }

    @Test
    void padKeepsAllAndStretchFillsAll() {
        Picture white = filled(60, 20);
        Mask all = Mask.filled(60, 20, true);
        Fit pad = Fit.of(60, 20, 1, 30, FitMode.PAD, Resample.Filter.BILINEAR);
        Fit stretch = Fit.of(60, 20, 1, 30, FitMode.STRETCH, Resample.Filter.BILINEAR);
        assertEquals(300, pad.apply(all).count(), "30 x 10 of the square is film");
        assertEquals(900, stretch.apply(all).count());
        for (int i = 0; i < 900; i++) {
            boolean film = i / 30 >= 10 && i / 30 < 20;
            assertEquals(film, pad.apply(all).pixels()[i]);
            assertEquals(film ? 255 : 0, pad.apply(white).samples()[i] & 0xFF);
            assertEquals(255, stretch.apply(white).samples()[i] & 0xFF);
        }
        assertEquals(
                "{mode=pad, filter=bilinear, film=[60, 20], scaled=[30, 10], left=0, top=-10, film_rows_per_row=2.0,"
                        + " film_columns_per_column=2.0}",
                pad.describe().toString());
    }

    /** A pixel twice as high as wide counts as two. */
    @Test
    void pixelsBecomeSquare() {
        assertEquals("[80, 40]",
                Fit.of(80, 20, 2, 40, FitMode.RESIZE_CROP, Resample.Filter.BILINEAR).describe().get("scaled")
                        .toString());
        assertEquals("[40, 40]",
                Fit.of(80, 40, 2, 40, FitMode.PAD, Resample.Filter.BILINEAR).describe().get("scaled").toString());
        assertEquals("[40, 20]",
                Fit.of(40, 40, 0.5, 40, FitMode.PAD, Resample.Filter.BILINEAR).describe().get("scaled").toString());
        for (int w = 8; w < 300; w += 7) {
            Fit a = new Fit(w, 211, 96);
            assertEquals(a, Fit.of(w, 211, 1, 96, FitMode.RESIZE_CROP, Resample.Filter.BILINEAR));
        }
    }

    /** The centre of a square's pixel, taken back to the film, lies in the film's pixel that its mask was read from. */
    @Test
    void theWayBackIsTheWayThere() {
        for (FitMode mode : FitMode.values()) {
            Fit fit = Fit.of(97, 61, 1, 32, mode, Resample.Filter.BILINEAR);
            Placement p = fit.placement();
            for (int i = 0; i < 97 * 61; i += 13) {
                boolean[] one = new boolean[97 * 61];
                one[i] = true;
                boolean[] square = fit.apply(new Mask(97, 61, one)).pixels();
                for (int k = 0; k < square.length; k++) {
                    int row = k / 32;
                    double x = (k % 32 + 0.5 + p.left()) / p.scaleX();
                    double y = (row + 0.5 + p.top()) / p.scaleY();
                    boolean same = x >= 0 && y >= 0 && (int) x == i % 97 && (int) y == i / 97;
                    assertEquals(same, square[k], mode + " " + i + " " + k);
                }
            }
        }
    }

    /** Equals torchvision's Resize and CenterCrop, by hashes of whole arrays and of samples. */
    @Test
    void equalsTorchvision() throws Exception {
        Picture film = Images.read(TestData.resource("/cxr/00000001_000.png"));
        JsonNode all = json("resample.json");
        JsonNode samples = json("resample_samples.json");
        Picture himl = himl(film);
        Picture same = new Fit(512, 512, 512, 448).apply(himl);
        assertEquals(all.get("himl_512_448_sha256").asText(), sha256(same.samples()));
        assertEquals(samples.get("himl_512_448, every fourth").asText(), sha256(every(same, 4)));
        Picture up = new Fit(300, 260, 512, 448).apply(himl.crop(100, 200, 300, 260));
        assertEquals(samples.get("himl_upscale_512_448, every fourth").asText(), sha256(every(up, 4)));
        Picture mosaic = mosaic(himl);
        Picture half = new Fit(1024, 1024, 512, 448).apply(mosaic);
        assertEquals(all.get("himl_mosaic_sha256").asText(), sha256(half.samples()));
        assertEquals(samples.get("himl_mosaic_512_448, every second").asText(), sha256(every(half, 2)));
        Picture other = new Fit(1000, 907, 512, 448).apply(mosaic.crop(0, 0, 1000, 907));
        assertEquals(all.get("himl_nonsquare_sha256").asText(), sha256(other.samples()));
        assertEquals(samples.get("himl_nonsquare_512_448, every fourth").asText(), sha256(every(other, 4)));
    }

    /** Equals diffusers' VaeImageProcessor: Lanczos, -1..1 in float32, masks from 0.5 on. */
    @Test
    void equalsDiffusers() throws Exception {
        Picture film = Images.read(TestData.resource("/cxr/resample_vae.png"));
        Fit stretch = Fit.of(500, 381, 1, 512, FitMode.STRETCH, Resample.Filter.LANCZOS);
        assertEquals(json("resample.json").get("vae_512").get("sha256_f32").asText(), floats(stretch.apply(film)));
        assertEquals(json("resample.json").get("vae_rgb").get("sha256_f32").asText(),
                floats(Resample.resize(film, 496, 376, Resample.Filter.LANCZOS)));
        Picture mask = Resample.resize(Images.read(TestData.resource("/cxr/resample_vae_mask.png")), 496, 376,
                Resample.Filter.LANCZOS);
        byte[] sampled = every(mask, 2);
        for (int i = 0; i < sampled.length; i++) {
            sampled[i] = (byte) ((sampled[i] & 0xFF) >= 128 ? 1 : 0);
        }
        assertEquals(json("resample_samples.json").get("vae_mask, every second").asText(), sha256(sampled));
        assertTrue(Mask.of(mask).count() > 1000);
    }

    private static JsonNode json(String name) throws Exception {
        return new ObjectMapper().readTree(TestData.resource("/cxr/" + name).toFile());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** [1, 3, h, w] of float32, each channel the picture. */
    private static String floats(Picture p) throws Exception {
        ByteBuffer b = ByteBuffer.allocate(12 * p.samples().length).order(ByteOrder.LITTLE_ENDIAN);
        for (int c = 0; c < 3; c++) {
            for (byte v : p.samples()) {
                b.putFloat(2 * ((v & 0xFF) / 255f) - 1);
            }
        }
        return sha256(b.array());
    }

    private static byte[] every(Picture p, int step) {
        int n = (p.width() + step - 1) / step;
        byte[] out = new byte[n * ((p.height() + step - 1) / step)];
        for (int i = 0; i < out.length; i++) {
            out[i] = p.samples()[i / n * step * p.width() + i % n * step];
        }
        return out;
    }

    private static Picture filled(int w, int h) {
        byte[] samples = new byte[w * h];
        java.util.Arrays.fill(samples, (byte) 255);
        return new Picture(w, h, 1, samples);
    }

    /** Scaled to 0..255 as in hi-ml. */
    private static Picture himl(Picture film) {
        return radedit.imaging.Film.of(film, "film").himlPicture();
    }

    /** Beside its transpose and over its mirror images. */
    private static Picture mosaic(Picture a) {
        int n = a.width();
        byte[] out = new byte[4 * n * n];
        for (int y = 0; y < n; y++) {
            for (int x = 0; x < n; x++) {
                out[y * 2 * n + x] = a.samples()[y * n + x];
                out[y * 2 * n + n + x] = a.samples()[x * n + y];
                out[(n + y) * 2 * n + x] = a.samples()[y * n + n - 1 - x];
                out[(n + y) * 2 * n + n + x] = a.samples()[(n - 1 - y) * n + x];
            }
        }
        return new Picture(2 * n, 2 * n, 1, out);
    }
}
