package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import radedit.imaging.pixel.PixelArray;
import radedit.testdata.TestData;

/** pydicom's own test files: what it decodes is decoded equal, everything else is refused cleanly. */
class PydicomFilesTest {
    /** Tolerance for lossy syntaxes (only JPEG of 12 bits needs it, on 1 % of the samples). */
    private static final int LOSSY_TOLERANCE = 1;

    private final Map<String, String[]> lossy = lossy();

    private static Map<String, String[]> lossy() {
        try (Stream<String> lines = Files.lines(TestData.resource("/pydicom/lossy.csv"))) {
            return lines.skip(1).map(l -> l.split(",")).collect(Collectors.toMap(r -> r[0], r -> r));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TestFactory
    List<DynamicTest> files() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Files.readAllLines(TestData.resource("/pydicom/golden.csv"))) {
            String[] row = line.split(",");
            if (row[3].equals("here")) {
                Path file = TestData.resource("/pydicom/" + row[0]);
                tests.add(DynamicTest.dynamicTest(row[1] + " " + row[0], () -> check(row[0], file, row[1], row[2])));
            }
        }
        assertEquals(102, tests.size());
        return tests;
    }

    private void check(String name, Path file, String kind, String hash) throws Exception {
        if (kind.equals("refused")) {
            ImageFormatException e = assertThrows(ImageFormatException.class, () -> Films.read(file));
            assertTrue(
                    e.getMessage().startsWith(file + ": ") && e.getMessage().length() < file.toString().length() + 200,
                    e.getMessage());
        } else {
            Film film = Films.read(file);
            film.display();
            film.himl();
            film.picture(0);
            if (kind.equals("lossy")) {
                compare(name, film);
            } else {
                assertEquals(hash, hash(film));
            }
        }
    }

    /** Compares a sample of the stored values. */
    private void compare(String name, Film film) {
        String[] row = lossy.get(name);
        PixelArray p = film.pixels();
        assertEquals(String.join(",", row[1], row[2], row[3], row[4]),
                p.frames() + "," + p.rows() + "," + p.columns() + "," + p.samples());
        int every = Integer.parseInt(row[5]);
        String[] wanted = row[6].split(" ");
        assertEquals((p.size() - 1) / every + 1, wanted.length);
        double worst = 0;
        for (int k = 0; k < wanted.length; k++) {
            worst = Math.max(worst, Math.abs(Integer.parseInt(wanted[k]) - p.at(k * every)));
        }
        System.out.printf("%-34s differs by %.0f at most, %d allowed%n", name, worst, LOSSY_TOLERANCE);
        assertTrue(worst <= LOSSY_TOLERANCE, name + " differs by " + worst);
    }

    private static String hash(Film film) throws GeneralSecurityException {
        ByteBuffer b = ByteBuffer.allocate(8 * film.pixels().size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < film.pixels().size(); i++) {
            b.putLong((long) film.pixels().at(i));
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(b.array()));
    }
}
