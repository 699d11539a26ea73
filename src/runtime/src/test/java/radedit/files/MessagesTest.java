package radedit.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MessagesTest {
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
