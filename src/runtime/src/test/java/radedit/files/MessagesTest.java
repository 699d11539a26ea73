package radedit.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystemException;

import org.junit.jupiter.api.Test;

class MessagesTest {
    @Test
    void aCopyThatFailsNamesTheFileThatCannotBeWritten() {
        assertEquals("b: No space left on device",
                Messages.of(new FileSystemException("b", null, "No space left on device")).toString());
        assertEquals("to/b (made from a): No space left on device",
                Messages.of(new FileSystemException("a", "to/b", "No space left on device")).toString());
    }

    @Test
    void namesOfStrangersStayShortAndHarmless() {
        assertEquals("unet.conv_in", Messages.printable("unet.conv_in"));
        assertEquals("a\\u000Ab\\u202Ec", Messages.printable("a\nb\u202Ec"));
        String film = "\uD83C\uDF9E"; // one character outside the basic plane
        assertEquals(film.repeat(50), Messages.printable(film.repeat(50)));
        for (String c : new String[]{"x", "\u007F", "\0", film}) {
            String shown = Messages.printable(c.repeat(100_000));
            assertTrue(shown.endsWith("...") && shown.length() < 500, shown);
        }
    }
}
