package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.checkpoint.ModelFolder;
import radedit.exec.BackendException;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/** With a low allocation limit, the alternative that a refusal proposes fits, and gives a picture. */
class TornadoMemoryAlternativesTest {
    private static final Pattern SETTING = Pattern.compile("(size|VAE tile) (\\d+)(?=[ ,])");

    @AfterEach
    void allInOnePiece() {
        System.clearProperty("radedit.tornado.piece");
    }

    /** The options of a request. */
    private record Tried(int size, int tile) {
        /** These options with those that a message proposes. */
        Tried with(String message) {
            int s = size;
            int t = tile;
            Matcher m = SETTING.matcher(message.substring(message.lastIndexOf("; ")));
            while (m.find()) {
                int n = Integer.parseInt(m.group(2));
                switch (m.group(1)) {
                    case "size" -> s = n;
                    case "VAE tile" -> t = n;
                    default -> throw new AssertionError(message);
                }
            }
            return new Tried(s, t);
        }
    }

    private static Result run(Tried t, boolean edit) {
        RunOptions options = new RunOptions("tornado", 1, 0, false, t.tile);
        try (RadEdit radEdit = RadEdit.open(ModelFolder.of(Fixtures.model(Size.TINY)), options)) {
            return edit ? radEdit.edit(edit(t)) : radEdit.generate(new GenerateRequest("Normal").steps(1).size(t.size));
        }
    }

    private static EditRequest edit(Tried t) {
        int n = 32;
        boolean[] mask = new boolean[n * n];
        Arrays.fill(mask, 0, n * n / 2, true);
        return new EditRequest(new Picture(n, n, 1, new byte[n * n]), new Mask(n, n, mask)).prompt("Effusion").steps(2)
                .size(t.size);
    }

    @ParameterizedTest
    @CsvSource({"12288, 192, false", "12288, 1024, true"})
    void whatIsOfferedFits(int kilobytes, int size, boolean edit) {
        System.setProperty("radedit.tornado.piece", Integer.toString(kilobytes << 10));
        Tried asked = new Tried(size, 0);
        BackendException e = assertThrows(BackendException.class, () -> run(asked, edit));
        assertTrue(e.getMessage().endsWith(" fits"), e.getMessage());
        Tried offered = asked.with(e.getMessage());
        System.out.println(e.getMessage());
        Result r = run(offered, edit);
        assertEquals(offered.size, r.images().shape().dim(2));
    }
}
