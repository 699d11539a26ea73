package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** What the options of traces refuse before the work. */
class TraceOptionsTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final Path FILM = TestData.reference("tiny/edit_image.png");

    @TempDir
    Path temp;

    /** A file that is there already, where a trace shall go; the same words say that it is also something else. */
    @ParameterizedTest
    @ValueSource(strings = {"generate a --steps 1 -o FILE", "generate a --steps 1 -o x.png --latents FILE",
            "generate a --steps 1 -o x.png --noise FILE",
            "edit --image FILM --edit-mask all --prompt a --steps 1 -o FILE",
            "edit --image FILM --edit-mask all --prompt a --steps 1 -o x.png --latents FILE",
            "edit --image FILM --edit-mask FILE --prompt a --steps 1 -o x.png",
            "score FILM --text a --map FILE", "score FILM --text a --json -o FILE",
            "score FILM --text a --edit-mask FILE",
            "stress run --images FILM --edit-mask FILE --prompt a --steps 1 -o x"})
    void aTraceOverwritesNothing(String words) throws IOException {
        Path file = temp.resolve("a.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            Tensor mask = Tensor.of(Shape.of(64, 64), DoubleStream.generate(() -> 1).limit(64 * 64).toArray());
            new SafetensorsWriter().add("mask", DType.U8, mask).add("noise", DType.F32, mask).writeTo(out);
        }
        byte[] before = Files.readAllBytes(file);
        List<Object> line = Stream.of(words.split(" ")).map(w -> switch (w) {
            case "FILE" -> file;
            case "FILM" -> FILM;
            case "x", "x.png" -> temp.resolve(w);
            default -> (Object) w;
        }).toList();
        Object[] traced = Stream.concat(line.stream(), Stream.of("--model", MODEL, "--trace", file)).toArray();
        assertRefused(2, run(traced), file + ": is an input or another output of this command");
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    /** The option and the file are two words of the message. */
    @Test
    void messagesNameTheOption() throws IOException {
        Path trace = Files.writeString(temp.resolve("t.jsonl"),
                "{\"radedit_trace\":1,\"level\":\"hash\"}\n{\"end\":1}\n");
        assertRefused(2, run("audit", "diff", trace, trace, "--html", trace), "--html " + trace + ": is an input");
    }

    /** Hashes have no distance to an exact value, which is another reason than different traces. */
    @Test
    void hashesHaveNoErrors() throws IOException {
        Path trace = Files.writeString(temp.resolve("t.jsonl"), """
                {"radedit_trace":1,"level":"hash"}
                {"call":0,"network":"unet","timesteps":[1]}
                {"node":0,"network":"unet","name":"conv_in","op":"Conv","shape":[1]}
                {"n":0,"h":"1"}
                {"end":4}
                """);
        Path empty = Files.writeString(temp.resolve("e.jsonl"),
                "{\"radedit_trace\":1,\"level\":\"hash\"}\n{\"end\":1}\n");
        assertRefused(3, run("audit", "diff", trace, trace, "--exact", trace), "of 1 values that",
                "none can be compared; --exact needs elements");
        assertRefused(3, run("audit", "diff", trace, empty), "have no value in common");
    }

    @Test
    void optionsOfATraceNeedOne() {
        assertRefused(2, run("generate", "a", "--model", MODEL, "-o", temp.resolve("x.png"), "--trace-modules"),
                "--trace-modules needs --trace");
        assertRefused(2, run("audit", "run", "unet", "--inputs", TestData.reference("tiny/unet_1x16x24.safetensors"),
                "--outputs", temp.resolve("o.safetensors"), "--model", MODEL, "--trace-fused"),
                "--trace-fused needs --trace");
    }
}
