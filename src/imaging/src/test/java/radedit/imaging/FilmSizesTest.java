package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.FilmReader.Size;

class FilmSizesTest {
    @TempDir
    private Path temp;

    private Path png() throws IOException {
        Path file = temp.resolve("a.png");
        try (var out = Files.newOutputStream(file)) {
            Images.writePng(out, new Picture(7, 300, 1, new byte[2100]), Map.of());
        }
        return file;
    }

    private Path jpeg() throws IOException {
        Path file = temp.resolve("a.jpg");
        ImageIO.write(new BufferedImage(33, 21, BufferedImage.TYPE_BYTE_GRAY), "jpg", file.toFile());
        return file;
    }

    @Test
    void headersTellTheSize() throws IOException {
        FilmSizes sizes = new FilmSizes();
        assertEquals(Optional.of(new Size(7, 300)), sizes.of(png()));
        assertEquals(Optional.of(new Size(33, 21)), sizes.of(jpeg()));
        assertEquals(Optional.empty(), sizes.of(temp));
        assertEquals(Optional.empty(), sizes.of(temp.resolve("gone.png")));
        assertEquals(Optional.empty(), sizes.of(Files.writeString(temp.resolve("t.txt"), "x".repeat(50))));
    }

    @Test
    void cutOrDamagedHeadersAreNoSizeOrTheSame() throws IOException {
        for (Path film : new Path[]{png(), jpeg()}) {
            byte[] all = Files.readAllBytes(film);
            Optional<Size> size = new FilmSizes().of(film);
            for (int n = 0; n < Math.min(all.length, 700); n++) {
                Path cut = Files.write(temp.resolve("cut"), Arrays.copyOf(all, n));
                Optional<Size> found = new FilmSizes().of(cut);
                assertEquals(size, found.or(() -> size), film + " of " + n + " bytes");
            }
        }
    }

    @Test
    void aHeaderIsReadOnce() throws IOException {
        FilmSizes sizes = new FilmSizes();
        Path film = png();
        sizes.of(film);
        Files.delete(film);
        assertEquals(Optional.of(new Size(7, 300)), sizes.of(film));
    }
}
