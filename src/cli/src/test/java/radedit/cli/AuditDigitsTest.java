package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;

class AuditDigitsTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);

    @TempDir
    private Path temp;

    private static Object[] generate(Object... more) {
        return Outcome.line(List.of("audit", "digits", "Cardiomegaly", "--model", MODEL, "--size", 32, "--steps", 1,
                "--samples", 2, "--quiet"), more);
    }

    private static JsonNode json(Outcome o) throws IOException {
        assertEquals(0, o.code(), o.err());
        return OutputOptions.JSON.readTree(o.out());
    }

    @Test
    void aMapAndTensorsOfAFilm() throws IOException {
        Path map = temp.resolve("map.png");
        Path all = temp.resolve("all.safetensors");
        JsonNode found = json(run(generate("--map", map, "--outputs", all, "--json")));
        double median = found.at("/pixels/digits_median").asDouble();
        assertTrue(median > 2 && median < 7.3, found.toString());
        assertEquals(32 * 32, found.at("/pixels/elements").asInt());
        double level = found.at("/grey_levels/deviation_median").asDouble();
        assertTrue(level > 0 && level < 0.1, found.toString());
        double differing = found.at("/grey_levels/differing_share").asDouble();
        assertTrue(differing <= found.at("/grey_levels/undetermined_share").asDouble(), found.toString());

        Map<String, Tensor> tensors = Fixtures.tensors(all);
        Tensor digits = tensors.get("digits");
        assertEquals(Shape.of(1, 1, 32, 32), digits.shape());
        assertEquals(Shape.of(1, 1, 32, 32), tensors.get("mean").shape());
        assertEquals(Shape.of(1, 1, 32, 32), tensors.get("deviation").shape());
        var picture = ImageIO.read(map.toFile());
        for (int i = 0; i < 32 * 32; i++) {
            assertEquals(digits.data()[i] / (24 * Math.log10(2)),
                    picture.getRaster().getSample(i % 32, i / 32, 0) / 255.0, 0.5001 / 255);
        }
        JsonNode metadata = OutputOptions.JSON.readTree(run("show", map, "--json").out());
        assertTrue(metadata.toString().contains("significant decimal digits"), metadata.toString());

        // The same again, with other threads; and with other roundings.
        Path again = temp.resolve("again.safetensors");
        json(run(generate("--outputs", again, "--json", "--threads", 1)));
        assertArrayEquals(digits.data(), Fixtures.tensors(again).get("digits").data());
        JsonNode coarse = json(run(generate("--json", "--precision-bits", 16, "--rounding-seed", 1)));
        assertEquals(8 * Math.log10(2), median - coarse.at("/pixels/digits_median").asDouble(), 0.5);
    }

    @Test
    void anEdit() throws IOException {
        Path film = temp.resolve("film.png");
        assertEquals(0,
                run("generate", "a", "-o", film, "--model", MODEL, "--size", 32, "--steps", 1, "--quiet").code());
        JsonNode found = json(run("audit", "digits-edit", "--image", film, "--edit-mask", "box:8,8,16,16", "--prompt",
                "a", "--model", MODEL, "--size", 32, "--steps", 2, "--samples", 2, "--json", "--quiet"));
        assertTrue(found.at("/pixels/digits_median").asDouble() > 0, found.toString());
        assertRefused(2, run("audit", "digits-edit", "--image", film, "--edit-mask", "box:8,8,16,16", "--prompt", "a",
                "--min-score", 0.1, "--model", MODEL), "--min-score");
    }

    @Test
    void aNetwork() throws IOException {
        Path in = temp.resolve("in.safetensors");
        try (var out = Files.newOutputStream(in)) {
            new SafetensorsWriter().add("input_ids", DType.F32, Tensor.of(Shape.of(1, 4), 2, 9, 11, 3))
                    .add("attention_mask", DType.F32, Tensor.of(Shape.of(1, 4), 1, 1, 1, 1)).writeTo(out);
        }
        Path all = temp.resolve("all.safetensors");
        Outcome said = run("audit", "digits-part", "text-encoder", "--inputs", in, "--model", MODEL, "--outputs", all);
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().startsWith("last_hidden_state: ") && said.out().contains("projected: "), said.out());
        assertTrue(Fixtures.tensors(all).containsKey("projected.digits"));
        JsonNode found = json(
                run("audit", "digits-part", "text-encoder", "--inputs", in, "--model", MODEL, "--json", "--quiet"));
        double bits = found.at("/tensors/projected/bits_median").asDouble();
        assertTrue(bits > 12 && bits < 24, found.toString());
        assertRefused(2, run("audit", "digits-part", "text-encoder", "--inputs", in, "--model", MODEL, "--outputs", in),
                "--outputs");
    }

    @Test
    void refusals() {
        assertRefused(2, run(generate("--backend", "cpu")), "--backend cpu");
        assertRefused(2, run(generate("--precision-bits", 25)), "--precision-bits: ", "from 8 to 24 bits, not 25");
        assertRefused(2, run(generate("--samples", 1)), "--samples: ", "from 2 to 10000, not 1");
        assertRefused(2, run(generate("--map", temp.resolve("map.jpg"))), "--map must end in .png");
        Path same = temp.resolve("same.png");
        assertRefused(2, run(generate("--map", same, "--outputs", same)), "--map");
        assertFalse(Files.exists(same));
    }
}
