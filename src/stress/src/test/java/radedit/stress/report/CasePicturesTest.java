package radedit.stress.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.HeatMap;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.stress.FinishedCase;

class CasePicturesTest {
    @TempDir
    private Path folder;

    private Path write(String name, Picture p) throws IOException {
        Path file = folder.resolve(name);
        try (var out = Files.newOutputStream(file)) {
            Images.writePng(out, p, Map.of());
        }
        return file;
    }

    private static Picture grey(int width, int height, int left, int right) {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i % width < width / 2 ? left : right);
        }
        return new Picture(width, height, 1, samples);
    }

    private static BufferedImage read(String uri) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(uri.replaceFirst(".*,", ""))));
    }

    @Test
    void differenceIsStretchedToItsLargestValue() throws IOException {
        Path before = write("b.png", grey(64, 32, 100, 100));
        Path after = write("a.png", grey(64, 32, 60, 120));
        Path mask = write("m.png", Mask.filled(64, 32, true).toPicture());
        CasePictures p = CasePictures.of(new FinishedCase.Files(after, before, mask, null), 16);
        assertEquals("16 8 40", p.width() + " " + p.height() + " " + p.scale());
        BufferedImage d = read(p.difference());
        assertEquals(16, d.getWidth());
        assertEquals(HeatMap.colour(-1), d.getRGB(2, 4) & 0xFFFFFF);
        assertEquals(HeatMap.colour(8.0 / 15), d.getRGB(13, 4) & 0xFFFFFF, "half of it, in 15 shades");
        assertEquals(100, read(p.original()).getRaster().getSample(3, 3, 0));
        assertEquals(120, read(p.edited()).getRaster().getSample(13, 3, 0));
        assertEquals("", p.keepMask());
    }

    @Test
    void picturesAreNeverEnlarged() throws IOException {
        Path film = write("f.png", grey(5, 9, 1, 1));
        Path mask = write("m.png", Mask.filled(5, 9, false).toPicture());
        CasePictures p = CasePictures.of(new FinishedCase.Files(film, film, mask, mask), 256);
        assertEquals("5 9 1", p.width() + " " + p.height() + " " + p.scale(), "no change has a scale of one level");
        assertEquals("", p.editMask());
    }

    @Test
    void outlineRunsAroundTheMask() {
        boolean[] pixels = new boolean[16];
        Arrays.fill(pixels, 5, 7, true);
        Arrays.fill(pixels, 9, 11, true);
        assertEquals("M1 1H3M1 3H3M1 1V3M3 1V3", CasePictures.path(new Mask(4, 4, pixels)));
        assertEquals("M0 0H4M0 4H4M0 0V4M4 0V4", CasePictures.path(Mask.filled(4, 4, true)), "at the film's edges too");
    }

    @Test
    void raggedMasksHaveNoOutline() {
        boolean[] pixels = new boolean[256 * 256];
        Random random = new Random(0);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextBoolean();
        }
        assertEquals(0, CasePictures.path(new Mask(256, 256, pixels)).length());
    }
}
