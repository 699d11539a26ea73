package radedit.imaging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.raster.BmpReader;
import radedit.imaging.raster.GifReader;
import radedit.imaging.raster.Jpeg2000Reader;
import radedit.imaging.raster.JpegReader;
import radedit.imaging.raster.PngReader;
import radedit.imaging.raster.TiffReader;
import radedit.imaging.volume.MetaImageReader;
import radedit.imaging.volume.NrrdReader;
import radedit.testdata.TestData;

/**
 * Mutations of the golden pictures and volumes, decoders of the JDK and of libraries included; see
 * {@link HostileFilmsTest}.
 */
class HostilePicturesTest {
    /**
     * Bytes allocated per byte of a file: deflate can encode 1032 bytes in one, a byte can hold eight pixels, and a pixel
     * is stored in a decoder's picture, as an int, and as a double for each of its levels.
     */
    private static final int DEFLATED = 8 * 1100 * 16;

    @TempDir
    static Path folder;
    private static final Map<String, byte[]> GOLDENS = new TreeMap<>();

    @BeforeAll
    static void unpack() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(
                Files.newInputStream(TestData.resource("/raster/goldens.zip")))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                GOLDENS.put(e.getName(), zip.readAllBytes());
            }
        }
        for (String data : List.of("head.raw", "volume_beside.raw", "volume_header.raw")) {
            Files.write(folder.resolve(data), GOLDENS.get(data));
        }
    }

    private static void attack(String what, FilmReader reader, int count, int expansion, Predicate<String> wanted)
            throws IOException {
        attack(what, reader, count, expansion, wanted, b -> {});
    }

    private static void attack(String what, FilmReader reader, int count, int expansion, Predicate<String> wanted,
            Consumer<byte[]> repair) throws IOException {
        List<byte[]> good = new ArrayList<>();
        GOLDENS.forEach((name, bytes) -> {
            if (wanted.test(name)) {
                good.add(bytes);
            }
        });
        Path file = folder.resolve(what);
        HostileFilmsTest.mutate(what, good, count, expansion, b -> {
            repair.accept(b);
            Files.write(file, b);
            try {
                return reader.read(file, 0);
            } catch (ImageFormatException e) {
                throw new ImageFormatException(HostileFilmsTest.NAME,
                        e.getMessage().substring(file.toString().length() + 2), e);
            }
        });
    }

    private static Predicate<String> ending(String... endings) {
        return name -> List.of(endings).stream().anyMatch(name::endsWith);
    }

    @Test
    void png() throws IOException {
        attack("PNG", new PngReader(), 800, DEFLATED, ending(".png"));
        attack("PNG with right checksums", new PngReader(), 1_200, DEFLATED, ending(".png"),
                HostilePicturesTest::sumUp);
    }

    /** Corrects the checksums of chunks, so that the decoder reaches their contents. */
    private static void sumUp(byte[] png) {
        ByteBuffer b = ByteBuffer.wrap(png);
        int at = 8;
        while (at + 12 <= png.length && b.getInt(at) >= 0 && b.getInt(at) <= png.length - at - 12) {
            int length = b.getInt(at);
            CRC32 crc = new CRC32();
            crc.update(png, at + 4, 4 + length);
            b.putInt(at + 8 + length, (int) crc.getValue());
            at += 12 + length;
        }
    }

    @Test
    void jpeg() throws IOException {
        attack("JPEG", new JpegReader(), 800, 128 * 8 * 32, ending(".jpg", ".jls"));
    }

    @Test
    void tiff() throws IOException {
        attack("TIFF", new TiffReader(), 1_500, DEFLATED, name -> name.endsWith(".tif") && !name.contains("_zstd")
                && !name.contains("_lzma"));
    }

    /** A block of Zstandard can encode 128 kB in four bytes. */
    @Test
    void tiffWithZstandard() throws IOException {
        attack("TIFF with Zstandard", new TiffReader(), 600, 8 * (1 << 15) * 8,
                name -> name.startsWith("tiff_zstd"));
    }

    /** An LZMA decoder allocates a dictionary of 8 MB or more for each strip. */
    @Test
    void tiffWithLzma() throws IOException {
        attack("TIFF with LZMA", new TiffReader(), 60, 80 << 10, name -> name.startsWith("tiff_lzma"));
    }

    @Test
    void gifAndBmp() throws IOException {
        attack("GIF", new GifReader(), 600, 4096 * 80, ending(".gif"));
        attack("BMP", new BmpReader(), 600, DEFLATED, ending(".bmp"));
    }

    @Test
    void jpeg2000() throws IOException {
        attack("JPEG 2000", new Jpeg2000Reader(), 500, DEFLATED, ending(".jp2", ".j2k"));
    }

    @Test
    void volumes() throws IOException {
        attack("MetaImage", new MetaImageReader(), 800, 8 * 1032, ending(".mha", ".mhd"));
        attack("NRRD", new NrrdReader(), 800, 8 * 1032, ending(".nrrd", ".nhdr"));
    }
}
