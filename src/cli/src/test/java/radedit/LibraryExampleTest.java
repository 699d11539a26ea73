package radedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.synthetic.Synthesize.Size;
import radedit.testkit.Fixtures;

/** The library as the README shows it. */
class LibraryExampleTest {
    @TempDir
    Path temp;

    /** What the README says compiles as it stands there, imports and all. */
    @Test
    void compiles() throws IOException {
        String readme = Files.readString(Path.of("README.md")).replace("\r\n", "\n");
        String example = readme.substring(readme.indexOf("```java\n") + 8);
        example = example.substring(0, example.indexOf("```"));
        int body = example.lastIndexOf("import ");
        body = example.indexOf('\n', body) + 1;
        String source = example.substring(0, body) + "class Example { void run() throws Exception {"
                + example.substring(body) + "} }";
        StringWriter said = new StringWriter();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("mem:///Example.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return source;
            }
        };
        boolean good = ToolProvider.getSystemJavaCompiler().getTask(said, null, null,
                List.of("-proc:none", "-implicit:none", "-d", temp.toString(), "-classpath",
                        System.getProperty("java.class.path")),
                null, List.of(file)).call();
        assertTrue(good, said.toString());
    }

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
