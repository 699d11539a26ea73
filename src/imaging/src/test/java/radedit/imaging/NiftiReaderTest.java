package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers as nibabel and ITK write them; the values are what both make of them. */
class NiftiReaderTest {
    @TempDir
    Path temp;

    private Film read(byte[] bytes, FilmOptions options) throws IOException {
        return Films.read(Files.write(temp.resolve("x"), bytes), options);
    }

    private Film read(byte[] bytes) throws IOException {
        return read(bytes, FilmOptions.DEFAULT);
    }

    private void assertRefused(byte[] bytes, String says) {
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> read(bytes));
        assertTrue(e.getMessage().startsWith(temp.resolve("x") + ": ") && e.getMessage().contains(says),
                e.getMessage());
    }

    private static ByteBuffer good() {
        return ByteBuffer.wrap(HostileFilmsTest.nifti((short) 4, 2)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void theSecondAxisIsTheRow() throws IOException {
        for (byte[] bytes : new byte[][]{good().array(), HostileFilmsTest.gzip(good().array())}) {
            Film film = read(bytes);
            assertEquals("NIfTI 1 5 6 1.5",
                    film.format() + " " + film.frames() + " " + film.rows() + " " + film.columns() + " "
                            + film.pixelAspect());
            assertEquals(7 * 7 - 90, film.pixels().at(7));
            assertEquals((7 * 7 - 90) * 0.5 - 7, film.modality()[7]);
            assertEquals(7 / 29.0, film.display()[7], 1e-15);
            assertEquals((int) (7 / 29.0 * 255), film.himl()[7] & 0xFF);
            assertEquals(Math.round(7 / 29.0 * 255), film.picture().get(1, 1, 0));
        }
    }

    @Test
    void bothByteOrdersAndAllTypes() throws IOException {
        int[] codes = {2, 256, 4, 512, 8, 768, 1024, 1280, 16, 64};
        int[] sizes = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
        double[] first = {250, -6, -6, 65530, -6, 4294967290.0, -6, 0x1p64 - 6, -6.5, -6.5};
        for (ByteOrder order : new ByteOrder[]{ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            for (int k = 0; k < codes.length; k++) {
                ByteBuffer b = ByteBuffer.allocate(352 + 2 * sizes[k]).order(order);
                b.putInt(0, 348).putShort(40, (short) 2).putShort(42, (short) 2).putShort(44, (short) 1);
                b.putShort(70, (short) codes[k]).putFloat(108, 352).putFloat(112, Float.NaN);
                b.put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
                switch (codes[k]) {
                    case 2, 256 -> b.put(352, (byte) -6);
                    case 4, 512 -> b.putShort(352, (short) -6);
                    case 8, 768 -> b.putInt(352, -6);
                    case 1024, 1280 -> b.putLong(352, -6);
                    case 16 -> b.putFloat(352, -6.5f);
                    default -> b.putDouble(352, -6.5);
                }
                Film film = read(b.array());
                assertArrayEquals(new double[]{first[k], 0}, film.modality());
                assertEquals(Math.abs(first[k]) < 1e9 && first[k] == Math.rint(first[k]), film.pixels().isInteger(),
                        "as 32 bits where they fit");
            }
        }
    }

    @Test
    void slicesAreFramesAndCalibrationIsAWindow() throws IOException {
        ByteBuffer b = good();
        b.putShort(44, (short) 1).putShort(46, (short) 5).putFloat(124, 0).putFloat(128, -10);
        Film all = read(b.array());
        assertEquals("5 1 6", all.frames() + " " + all.rows() + " " + all.columns());
        assertEquals(0.5 * (-48 + 90 - 90) - 7, all.modality()[6]);
        assertEquals(0, all.display()[6], "below cal_min");
        assertEquals(1, all.display()[18], "above cal_max");
        Film second = read(b.array(), new FilmOptions(Loader.STANDARD, 2, WindowChoice.FROM_FILE));
        assertEquals(1, second.frames());
        assertEquals(-48, second.pixels().at(0));
        assertThrows(ImageFormatException.class,
                () -> read(b.array(), new FilmOptions(Loader.STANDARD, 6, WindowChoice.FROM_FILE)));
        ImageFormatException e = assertThrows(ImageFormatException.class, all::picture);
        assertTrue(e.getMessage().contains("frame (1 to 5)"), e.getMessage());
    }

    @Test
    void whatIsNotANumberIsBlackAndCountsForNothing() throws IOException {
        Film film = read(HostileFilmsTest.nifti((short) 16, 4));
        assertEquals(0, film.display()[4]);
        assertEquals(1, film.display()[29]);
        assertEquals(0, film.picture().get(4, 0, 0));
    }

    @Test
    void damagedHeaders() throws IOException {
        byte[] whole = good().array();
        assertRefused(Arrays.copyOf(whole, whole.length - 1), "truncated");
        byte[] zipped = HostileFilmsTest.gzip(whole);
        assertRefused(Arrays.copyOf(zipped, zipped.length - 30), "truncated");
        assertRefused(HostileFilmsTest.gzip("no film".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                "not NIfTI");
        assertRefused(good().putShort(40, (short) 1).array(), "1 axes");
        assertRefused(good().putShort(42, (short) -5).array(), "extent -5");
        assertRefused(good().putShort(42, (short) 30000).array(), "truncated");
        assertRefused(good().putShort(70, (short) 32).array(), "data type 32, complex numbers");
        assertRefused(good().putShort(70, (short) 1536).array(), "of 128 bits");
        assertRefused(good().putShort(70, (short) 3).array(), "data type 3;");
        assertRefused(good().putFloat(108, 7).array(), "vox_offset 7.0");
        assertRefused(good().putFloat(108, Float.NaN).array(), "vox_offset");
        assertRefused(good().putInt(0, 12).array(), "sizeof_hdr");
        assertRefused(good().put(345, (byte) 'i').array(), ".img");
        ByteBuffer many = good();
        many.putShort(40, (short) 7);
        for (int i = 3; i < 8; i++) {
            many.putShort(40 + 2 * i, Short.MAX_VALUE);
        }
        assertRefused(many.array(), "too many slices");
    }
}
