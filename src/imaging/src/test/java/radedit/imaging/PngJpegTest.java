package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PNG of every depth, damaged PNG, JPEG with an orientation, and formats that must be refused. */
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
    void coloursThatThePaletteLacksAreToldOf() throws IOException {
        Film f = film(png(3, 1, 2, 3, new byte[]{0b00011000}, chunk("PLTE", new byte[]{9, 9, 9, 7, 7, 7})));
        assertArrayEquals(new int[]{9, 7, 7}, f.pixels().integers());
        assertEquals(List.of("it uses colour 2 of a palette that has 2, counted from 0; such pixels have its last,"
                + " in other programs black"),
                f.warnings().stream().map(Object::toString).toList());
        assertEquals(List.of(), film(png(2, 1, 2, 3, new byte[]{0b00010000}, chunk("PLTE",
                new byte[]{9, 9, 9, 7, 7, 7}))).warnings());
    }

    @Test
    void aStackUnderOneDirectoryIsToldOf() throws IOException {
        for (int images : new int[]{1, 3}) {
            byte[] text = ("ImageJ=1.53t\nimages=" + images + "\nslices=3\n\0").getBytes(StandardCharsets.US_ASCII);
            int[][] fields = {{256, 4, 1, 2}, {257, 4, 1, 1}, {258, 3, 1, 8}, {259, 3, 1, 1}, {262, 3, 1, 1},
                    {270, 2, text.length, 200}, {273, 4, 1, 300}, {277, 3, 1, 1}, {278, 4, 1, 1}, {279, 4, 1, 2}};
            ByteBuffer b = ByteBuffer.allocate(306).order(ByteOrder.LITTLE_ENDIAN);
            b.put("II*\0".getBytes(StandardCharsets.US_ASCII)).putInt(8).putShort((short) fields.length);
            for (int[] f : fields) {
                b.putShort((short) f[0]).putShort((short) f[1]).putInt(f[2]).putInt(f[3]);
            }
            b.put(200, text).put(300, new byte[]{1, 2, 3, 4, 5, 6});
            Film f = film(b.array());
            assertArrayEquals(new int[]{1, 2}, f.pixels().integers());
            assertEquals(images == 1 ? 0 : 1, f.warnings().size(), f.warnings()::toString);
            assertTrue(images == 1 || f.warnings().getFirst().toString().contains("an ImageJ stack of 3 pictures"));
        }
    }

    @Test
    void theVoxelsOfAPairNameTheirHeader() throws IOException {
        for (String ending : new String[]{".img", ".img.gz"}) {
            Path voxels = Files.write(temp.resolve("pair" + ending), ending.length() > 4
                    ? new byte[]{0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0}
                    : new byte[400]);
            assertThrows(ImageFormatException.class, () -> Films.read(voxels));
            Files.write(temp.resolve("pair.hdr"), new byte[348]);
            ImageFormatException e = assertThrows(ImageFormatException.class, () -> Films.read(voxels));
            assertTrue(e.getMessage().endsWith("name its header, pair.hdr, instead"), e.getMessage());
        }
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
        assertArrayEquals(new int[]{1, 2, 3}, film(text).pixels().integers(), "a text is not a part of the picture");
        Film whole = film(Arrays.copyOf(good, good.length - 12));
        assertArrayEquals(new int[]{1, 2, 3}, whole.pixels().integers(), "all but the mark of the end is there");
        assertTrue(whole.warnings().getFirst().toString().contains("IEND"), whole.warnings()::toString);
        assertTrue(whole.describe().get("warnings").toString().contains("IEND"), whole.describe()::toString);
        assertRefused(Arrays.copyOf(good, good.length - 12 - 6), "ends too early");
        assertRefused(png(1 << 20, 1 << 20, 16, 0, new byte[3]), "claims 1048576 x 1048576 pixels");
        assertRefused(png(30_000, 30_000, 1, 0, new byte[3]),
                "claims 30000 x 30000 pixels, more than the 134217728 that are read");
        assertRefused(png(11_000, 11_000, 1, 0, new byte[3]), "claims 11000 x 11000 pixels in ");
    }

    /** 3000 rows, each equal to the one above: one bit of a Group 4 fax. */
    @Test
    void anEmptyMaskInAFewBytesIsNoBomb() throws IOException {
        int[][] fields = {{256, 4, 3000}, {257, 4, 3000}, {258, 3, 1}, {259, 3, 4}, {262, 3, 0}, {273, 4, 200},
                {277, 3, 1}, {278, 4, 3000}, {279, 4, 375}};
        ByteBuffer b = ByteBuffer.allocate(575).order(ByteOrder.LITTLE_ENDIAN);
        b.put("II*\0".getBytes(StandardCharsets.US_ASCII)).putInt(8).putShort((short) fields.length);
        for (int[] f : fields) {
            b.putShort((short) f[0]).putShort((short) f[1]).putInt(1).putInt(f[2]);
        }
        Arrays.fill(b.array(), 200, 575, (byte) -1);
        Film f = film(b.array());
        assertEquals("3000 x 3000", f.columns() + " x " + f.rows());
        assertEquals(1, Arrays.stream(f.display()).distinct().count());
        // The size of a wavelet's encoding.
        FileChecks.checkSize(f.file(), 5000, 6000, 606);
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
        // Position of the bright corner, by the definition of the tag.
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

    /** Grey in 24 x 16, its coefficients spread over several scans. */
    private static byte[] progressive() throws IOException {
        BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 24 * 16; i++) {
            image.getRaster().setSample(i % 24, i / 24, 0, i * i * 31 % 256);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam p = writer.getDefaultWriteParam();
        p.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (MemoryCacheImageOutputStream to = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(to);
            writer.write(null, new IIOImage(image, null, null), p);
        }
        writer.dispose();
        return out.toByteArray();
    }

    /** A file cut between two scans would be read as a blurred picture. */
    @Test
    void progressiveJpegWithoutItsLastScansIsRefused() throws IOException {
        byte[] whole = progressive();
        int[] expected = film(whole).pixels().integers();
        assertEquals(24 * 16, expected.length);
        byte[] noEnd = Arrays.copyOf(whole, whole.length - 2);
        assertArrayEquals(expected, film(noEnd).pixels().integers());
        int cuts = 0;
        int scans = 0;
        for (int i = 2; i < whole.length - 1; i++) {
            // A scan's Huffman table precedes it.
            boolean table = whole[i] == -1 && (whole[i + 1] & 0xFF) == 0xC4;
            boolean scan = whole[i] == -1 && (whole[i + 1] & 0xFF) == 0xDA;
            if ((table || scan) && scans > 0) {
                byte[] cut = Arrays.copyOf(whole, i);
                assertRefused(cut, "truncated, scans are missing: of the 64 coefficients of component 1");
                byte[] ended = Arrays.copyOf(cut, i + 2);
                ended[i] = -1;
                ended[i + 1] = (byte) 0xD9;
                assertRefused(ended, "truncated, scans are missing: of the 64 coefficients of component 1");
                cuts++;
            }
            scans += scan ? 1 : 0;
        }
        assertTrue(scans > 3 && cuts >= scans - 1, scans + " scans, " + cuts + " cuts");
    }

    /** Three scans of one component each; every code is a bit 0: no difference, end of block. */
    private static byte[] sequential(int scans, boolean ended) {
        ByteBuffer b = ByteBuffer.allocate(1000).putShort((short) 0xFFD8);
        byte[] steps = new byte[64];
        Arrays.fill(steps, (byte) 1);
        b.putShort((short) 0xFFDB).putShort((short) 67).put((byte) 0).put(steps);
        b.put(new byte[]{-1, (byte) 0xC0, 0, 17, 8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0});
        for (int table : new int[]{0, 0x10}) {
            b.putShort((short) 0xFFC4).putShort((short) 20).put((byte) table).put((byte) 1).put(new byte[16]);
        }
        for (int c = 1; c <= scans; c++) {
            b.put(new byte[]{-1, (byte) 0xDA, 0, 8, 1, (byte) c, 0, 0, 63, 0, 0x3F});
        }
        if (ended) {
            b.putShort((short) 0xFFD9);
        }
        return Arrays.copyOf(b.array(), b.position());
    }

    @Test
    void sequentialJpegWithoutAComponentIsRefused() throws IOException {
        assertEquals(8 * 8 * 3, film(sequential(3, true)).pixels().integers().length);
        assertTrue(film(sequential(3, false)).warnings().getFirst().toString().contains("EOI"));
        for (int scans = 1; scans < 3; scans++) {
            for (boolean ended : new boolean[]{true, false}) {
                assertRefused(sequential(scans, ended), "of the 64 coefficients of component " + (scans + 1)
                        + ", 64 are absent");
            }
        }
    }

    private static byte[] oriented(byte[] jpeg, int orientation) {
        byte[] exif = ByteBuffer.allocate(36).putShort((short) 0xFFE1).putShort((short) 34)
                .put("Exif\0\0MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(8).putShort((short) 1)
                .putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).array();
        return ByteBuffer.allocate(jpeg.length + 36).put(jpeg, 0, 2).put(exif).put(jpeg, 2, jpeg.length - 2).array();
    }
}
