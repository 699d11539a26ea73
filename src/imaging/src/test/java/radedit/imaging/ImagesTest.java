package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.testdata.TestData;

class ImagesTest {
    @TempDir
    Path temp;

    @Test
    void readsWhatPillowReads() throws IOException {
        Picture png = Images.read(TestData.resource("/cxr/00000001_000.png"));
        assertEquals("512 x 512 x 1", png.width() + " x " + png.height() + " x " + png.channels());
        Picture jpeg = Images.read(TestData.resource("/cxr/16747_3_1.jpg"));
        assertEquals("1036 x 885 x 3", jpeg.width() + " x " + jpeg.height() + " x " + jpeg.channels());
        assertEquals(PILLOW_PNG_SUM, sum(png));
        assertEquals(PILLOW_JPEG_SUM, sum(jpeg));
        assertEquals(PILLOW_JPEG_GREY_SUM, sum(jpeg.toGrey()));
    }

    /** Sums of all samples, from numpy.asarray(PIL.Image.open(...)).sum(), grey after convert("L"). */
    private static final long PILLOW_PNG_SUM = 33590126;
    private static final long PILLOW_JPEG_SUM = 493181145;
    private static final long PILLOW_JPEG_GREY_SUM = 164393715;

    private static long sum(Picture p) {
        long sum = 0;
        for (byte b : p.samples()) {
            sum += b & 0xFF;
        }
        return sum;
    }

    @Test
    void writesWhatItReads() throws IOException {
        for (int channels : new int[]{1, 3}) {
            byte[] samples = new byte[7 * 5 * channels];
            new Random(1).nextBytes(samples);
            Path file = temp.resolve("x.png");
            try (var out = Files.newOutputStream(file)) {
                Images.writePng(out, new Picture(7, 5, channels, samples), Map.of("radedit", "{\"seed\": 1}"));
            }
            Picture back = Images.read(file);
            assertEquals(channels, back.channels());
            assertArrayEquals(samples, back.samples());
            assertTrue(Files.readString(file, StandardCharsets.ISO_8859_1).contains("tEXtradedit\0{\"seed\": 1}"));
        }
    }

    @Test
    void refusesWhatIsNoPicture() throws IOException {
        assertRefused("".getBytes(StandardCharsets.UTF_8), "is empty");
        assertRefused("hello, world".getBytes(StandardCharsets.UTF_8), "has an unknown format");
        byte[] png = Files.readAllBytes(TestData.resource("/reference/tiny/edit_image.png"));
        assertRefused(Arrays.copyOf(png, png.length / 2), "damaged");
        byte[] huge = png.clone(); // 2^30 by 2^30 pixels by its header; the checksum does not matter to the reader
        huge[16] = 0x40;
        huge[20] = 0x40;
        assertRefused(huge, "claims");
        assertThrows(IOException.class, () -> Images.read(temp.resolve("none.png")));
    }

    private void assertRefused(byte[] content, String says) throws IOException {
        Path file = Files.write(temp.resolve("bad.png"), content);
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> Images.read(file));
        assertTrue(e.getMessage().startsWith(file.toString()) && e.getMessage().contains(says), e.getMessage());
    }

    /** Damaged pictures are refused cleanly or read; nothing else happens. */
    @Test
    void mutationsNeverCrash() throws IOException {
        byte[] png = small("png");
        byte[] jpeg = small("jpg");
        Random r = new Random(3);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bad = (i % 2 == 0 ? png : jpeg).clone();
            for (int n = 0; n < 4; n++) {
                bad[r.nextInt(bad.length)] = (byte) r.nextInt(256);
            }
            Path file = Files.write(temp.resolve("m"), bad);
            try {
                Images.read(file);
            } catch (ImageFormatException e) {
                refused++;
            }
        }
        assertTrue(refused > 500, "mutations hit something: " + refused);
    }

    private static byte[] small(String format) throws IOException {
        var image = new java.awt.image.BufferedImage(40, 30, java.awt.image.BufferedImage.TYPE_BYTE_GRAY);
        Random r = new Random(2);
        for (int i = 0; i < 1200; i++) {
            image.getRaster().setSample(i % 40, i / 40, 0, r.nextInt(256));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        javax.imageio.ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    @Test
    void masks() throws IOException {
        Picture p = new Picture(2, 2, 1, new byte[]{0, 127, (byte) 128, (byte) 255});
        Mask m = Mask.of(p);
        assertArrayEquals(new boolean[]{false, false, true, true}, m.pixels());
        assertEquals(2, m.count());
        assertArrayEquals(new boolean[]{false, false, false, true, true, true, true, true, true},
                m.resize(3, 3).pixels());
        assertArrayEquals(new boolean[]{true, true}, m.crop(0, 1, 2, 1).pixels());
    }
}
