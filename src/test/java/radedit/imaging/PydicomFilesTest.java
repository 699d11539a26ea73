package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import radedit.Fixtures;

/** pydicom's own test files: what it decodes is decoded equal, everything else is refused cleanly. */
class PydicomFilesTest {
    /** Codestreams that each of pydicom's plug-ins gives up on; another decoder may make something of them. */
    private static final Set<String> DOUBTFUL = Set.of("JPEG-lossy.dcm", "JPEG2000-embedded-sequence-delimiter.dcm");

    @TestFactory
    List<DynamicTest> files() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : Files.readAllLines(Fixtures.resource("/pydicom/golden.csv"))) {
            String[] row = line.split(",");
            if (row[3].equals("here")) {
                Path file = Fixtures.resource("/pydicom/" + row[0]);
                tests.add(DynamicTest.dynamicTest(row[1] + " " + row[0], () -> check(file, row[1], row[2])));
            }
        }
        assertEquals(102, tests.size());
        return tests;
    }

    private static void check(Path file, String kind, String hash) throws Exception {
        if (DOUBTFUL.contains(file.getFileName().toString())) {
            try {
                Films.read(file);
            } catch (ImageFormatException e) {
                assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
            }
        } else if (kind.equals("refused")) {
            ImageFormatException e = assertThrows(ImageFormatException.class, () -> Films.read(file));
            assertTrue(
                    e.getMessage().startsWith(file + ": ") && e.getMessage().length() < file.toString().length() + 200,
                    e.getMessage());
        } else {
            Film film = Films.read(file);
            film.display();
            film.himl();
            film.picture(0);
            if (!hash.equals("-")) {
                assertEquals(hash, hash(film));
            }
        }
    }

    private static String hash(Film film) throws GeneralSecurityException {
        ByteBuffer b = ByteBuffer.allocate(8 * film.pixels().size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < film.pixels().size(); i++) {
            b.putLong((long) film.pixels().at(i));
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(b.array()));
    }
}
