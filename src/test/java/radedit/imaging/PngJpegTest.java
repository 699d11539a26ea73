package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PNG of every depth, damaged PNG, JPEG that was held otherwise, and formats that must not slip in. */
class PngJpegTest {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    @TempDir
    Path temp;

    private static byte[] chunk(String type, byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(type.getBytes(StandardCharsets.US_ASCII));
        crc.update(data);
        return ByteBuffer.allocate(12 + data.length).putInt(data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII)).put(data).putInt((int) crc.getValue()).array();
    }

    /** A PNG file of one row. */
    private static byte[] png(int width, int height, int depth, int type, byte[] row, byte[]... chunks)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(SIGNATURE);
        out.write(chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) depth)
                .put((byte) type).array()));
        for (byte[] c : chunks) {
            out.write(c);
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream d = new DeflaterOutputStream(packed)) {
            d.write(0);
            d.write(row);
        }
        out.write(chunk("IDAT", packed.toByteArray()));
        out.write(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    private Film film(byte[] bytes) throws IOException {
        return Films.read(Files.write(temp.resolve("x.png"), bytes));
    }

    private void assertRefused(byte[] bytes, String says) throws IOException {
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> film(bytes));
        assertTrue(e.getMessage().contains(says), e.getMessage());
    }

    @Test
    void everyDepth() throws IOException {
        int[][] rows = {{1, 0b10100000}, {2, 0b00011011}, {4, 0x0F, 0x90}, {8, 0, 77, 255}, {16, 1, 2, 255, 255}};
        int[][] values = {{1, 0, 1}, {0, 1, 2}, {0, 15, 9}, {0, 77, 255}, {258, 65535}};
        for (int i = 0; i < rows.length; i++) {
            byte[] row = new byte[rows[i].length - 1];
            for (int k = 0; k < row.length; k++) {
                row[k] = (byte) rows[i][k + 1];
            }
            int depth = rows[i][0];
            Film f = film(png(values[i].length, 1, depth, 0, row));
            assertArrayEquals(values[i], f.pixels().integers(), depth + " bits");
            double most = (1 << depth) - 1;
            assertArrayEquals(Arrays.stream(values[i]).mapToDouble(v -> v / most).toArray(), f.display(), 0);
        }
    }

    @Test
    void palettesAndTransparency() throws IOException {
        byte[] colours = {10, 20, 30, (byte) 200, 100, 50};
        byte[] greys = {5, 5, 5, 9, 9, 9};
        byte[] clear = chunk("tRNS", new byte[]{0, 0});
        Film colour = film(png(2, 1, 1, 3, new byte[]{(byte) 0b10000000}, chunk("PLTE", colours), clear));
        assertArrayEquals(new int[]{200, 100, 50, 10, 20, 30}, colour.pixels().integers());
        Film grey = film(png(2, 1, 1, 3, new byte[]{(byte) 0b10000000}, chunk("PLTE", greys)));
        assertArrayEquals(new int[]{9, 5}, grey.pixels().integers());
        assertArrayEquals(new int[]{7, 8}, film(png(2, 1, 8, 4, new byte[]{7, 0, 8, -1})).pixels().integers());
        assertArrayEquals(new int[]{1, 2, 3}, film(png(1, 1, 8, 6, new byte[]{1, 2, 3, 0})).pixels().integers());
    }

    @Test
    void damageIsSeen() throws IOException {
        byte[] good = png(3, 1, 8, 0, new byte[]{1, 2, 3}, chunk("tEXt", "a\0b".getBytes(StandardCharsets.US_ASCII)));
        assertArrayEquals(new int[]{1, 2, 3}, film(good).pixels().integers());
        int data = new String(good, StandardCharsets.ISO_8859_1).indexOf("IDAT");
        byte[] bad = good.clone();
        bad[data + 8] ^= 1;
        assertRefused(bad, "a checksum is wrong");
        byte[] text = good.clone();
        text[new String(good, StandardCharsets.ISO_8859_1).indexOf("tEXt") + 4] ^= 1;
        assertArrayEquals(new int[]{1, 2, 3}, film(text).pixels().integers(), "a text is no part of the picture");
        Film whole = film(Arrays.copyOf(good, good.length - 12));
        assertArrayEquals(new int[]{1, 2, 3}, whole.pixels().integers(), "all but the mark of the end is there");
        assertTrue(whole.warnings().getFirst().toString().contains("IEND"), whole.warnings()::toString);
        assertTrue(whole.describe().get("warnings").toString().contains("IEND"), whole.describe()::toString);
        assertRefused(Arrays.copyOf(good, good.length - 12 - 6), "ends too early");
        assertRefused(png(1 << 20, 1 << 20, 16, 0, new byte[3]), "claims 1048576 x 1048576 pixels");
        assertRefused(png(30_000, 30_000, 1, 0, new byte[3]), "claims");
    }

    @Test
    void jpegIsTurnedUpright() throws IOException {
        BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 24; x++) {
                image.getRaster().setSample(x, y, 0, x < 8 && y < 8 ? 250 : 10);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", out);
        // Where the bright corner goes, by the meaning of the tag.
        boolean[][] rightBottom = {{false, false}, {true, false}, {true, true}, {false, true}, {false, false},
                {true, false}, {true, true}, {false, true}};
        for (int o = 1; o <= 8; o++) {
            Film f = film(oriented(out.toByteArray(), o));
            Picture p = f.picture();
            assertEquals(o < 5 ? "24 x 16" : "16 x 24", p.width() + " x " + p.height());
            int x = rightBottom[o - 1][0] ? p.width() - 4 : 4;
            int y = rightBottom[o - 1][1] ? p.height() - 4 : 4;
            assertTrue(p.get(x, y, 0) > 200 && p.get(p.width() - x, p.height() - y, 0) < 50, "orientation " + o);
            assertEquals(o > 1, f.describe().containsKey("exif_orientation"));
        }
        assertEquals("24 x 16", film(oriented(out.toByteArray(), 77)).columns() + " x 16");
    }

    private static byte[] oriented(byte[] jpeg, int orientation) {
        byte[] exif = ByteBuffer.allocate(36).putShort((short) 0xFFE1).putShort((short) 34)
                .put("Exif\0\0MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(8).putShort((short) 1)
                .putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).array();
        return ByteBuffer.allocate(jpeg.length + 36).put(jpeg, 0, 2).put(exif).put(jpeg, 2, jpeg.length - 2).array();
    }
}
