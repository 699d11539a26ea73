package radedit.undertest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.Picture;

class GreyFilmTest {
    @TempDir
    Path temp;

    @Test
    void depths() {
        GreyFilm film = GreyFilm.of(3, 1, new double[]{-0.5, 0.5, 1.5});
        assertArrayEquals(new char[]{0, 32768, 65535}, film.levels());
        assertArrayEquals(new byte[]{0, (byte) 128, (byte) 255}, film.toPicture().samples());
        assertArrayEquals(new char[]{65535, 32767, 0}, film.inverse().levels());
        GreyFilm colour = GreyFilm.of(new Picture(1, 1, 3, new byte[]{(byte) 200, 100, 50}));
        assertArrayEquals(new char[]{124}, colour.levels(), "as Pillow's convert(\"L\")");
        assertThrows(IllegalArgumentException.class, () -> new GreyFilm(1, 1, 8, new char[]{256}));
        assertThrows(IllegalArgumentException.class, () -> new GreyFilm(2, 1, 8, new char[1]));
        assertThrows(IllegalArgumentException.class, () -> new GreyFilm(1, 1, 7, new char[1]));
    }

    @Test
    void pngsKeepTheirDepth() throws IOException {
        for (int bits : new int[]{8, 12, 16}) {
            int highest = (1 << bits) - 1;
            GreyFilm film = new GreyFilm(2, 2, bits, new char[]{0, 1, (char) (highest / 3), (char) highest});
            Path file = Files.write(temp.resolve("f.png"), film.toPng());
            Film read = Films.read(file);
            for (int i = 0; i < 4; i++) {
                assertEquals((double) film.levels()[i] / highest, read.display()[i], 0.51 / 65535);
            }
        }
    }

    @Test
    void hashesTellSettingsApart() {
        ModelDescription a = new ModelDescription("m", "00", "r", Map.of("x", List.of(1)));
        assertEquals(a.hash(), new ModelDescription("m", "00", "r", Map.of("x", List.of(1))).hash());
        assertNotEquals(a.hash(), new ModelDescription("m", "00", "r", Map.of("x", List.of(2))).hash());
        assertNotEquals(a.hash(), new ModelDescription("m", "01", "r", Map.of("x", List.of(1))).hash());
    }
}
