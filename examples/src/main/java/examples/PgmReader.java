package examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Scanner;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;

/** Reads Netpbm's plain PGM of 8 bits; a service, which the program finds on its class path through META-INF/services. */
public final class PgmReader implements FilmReader {
    public String format() {
        return "PGM";
    }

    public Match accepts(byte[] head) {
        return head.length > 2 && head[0] == 'P' && head[1] == '2' ? Match.YES : Match.NO;
    }

    public FilmContent read(Path file, int frame) throws IOException {
        int[] numbers = new Scanner(Files.readString(file).replaceAll("#.*", "").substring(2)).tokens().mapToInt(Integer::parseInt).toArray();
        if (numbers.length < 3 || numbers.length - 3 != (long) numbers[0] * numbers[1] || numbers[2] != 255) {
            throw new ImageFormatException(file, "is not a whole PGM of 8 bits");
        }
        int[] samples = java.util.Arrays.copyOfRange(numbers, 3, numbers.length);
        PixelMeaning grey = PixelMeaning.plain(Photometric.MONOCHROME2, new Depth(8, false));
        return new FilmContent("PGM", PixelArray.of(1, numbers[1], numbers[0], 1, samples), List.of(grey), ALL_FRAMES, 1, false, 1, Map.of());
    }
}
