package radedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/** What the library says of a null; {@code DocsTest} compiles the examples of its use. */
class NullArgumentsTest {
    @Test
    void nullIsNamed() {
        try (RadEdit radEdit = RadEdit.open(Fixtures.model(Size.TINY))) {
            named("request", () -> radEdit.generate(null));
            named("request", () -> radEdit.edit(null));
            named("listener", () -> radEdit.generate(new GenerateRequest("a"), null));
        }
        named("prompt", () -> new GenerateRequest("a", (String) null));
        named("negativePrompt", () -> new GenerateRequest("a").negativePrompt(null));
        Picture film = new Picture(1, 1, 1, new byte[1]);
        named("film", () -> new EditRequest((Picture) null, new Mask(1, 1, new boolean[1])));
        named("editMask", () -> new EditRequest(film, null));
        named("prompt", () -> new EditRequest(film, new Mask(1, 1, new boolean[1])).prompt((String) null));
    }

    private static void named(String argument, Runnable call) {
        NullPointerException e = assertThrows(NullPointerException.class, call::run);
        assertEquals(argument, e.getMessage().replaceAll("^a |\\W.*", ""), e.getMessage());
    }
}
