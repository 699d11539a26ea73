package radedit.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.files.OutputFile;
import radedit.safetensors.Json;
import radedit.safetensors.Safetensors;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/** Equal byte by byte to files of the safetensors library (see make.py in the resources). */
class ConvertTest {
    private static final Convert.Options AS_IS = new Convert.Options(null, 0, true, null);

    @TempDir
    Path temp;

    private static Path resource(String name) {
        return TestData.resource("/pickle/" + name);
    }

    private static Convert.Report convert(Path in, Path out, Convert.Options options) throws IOException {
        return Convert.run(in, out, options, (d, t) -> {});
    }

    private static String refusal(Path in, Path out, Convert.Options options) {
        return assertThrows(WeightsException.class, () -> convert(in, out, options)).getMessage();
    }

    private Set<String> listing() throws IOException {
        try (Stream<Path> all = Files.walk(temp)) {
            return new TreeSet<>(all.filter(Files::isRegularFile).map(f -> temp.relativize(f).toString()).toList());
        }
    }

    private static void write(Path file, Map<String, Tensor> tensors, DType type) throws IOException {
        SafetensorsWriter w = new SafetensorsWriter();
        tensors.forEach((name, t) -> w.add(name, type, t));
        OutputFile.write(file, w::writeTo);
    }

    @ParameterizedTest
    @CsvSource({"zip2.pt,expected", "zip3.pt,expected", "zip4.pt,expected", "zip5.pt,expected", "zip64.pt,expected",
            "stream2.pt,expected", "stream3.pt,expected", "stream4.pt,expected", "stream5.pt,expected",
            "bigendian.pt,bigendian", "module.pt,module", "training.ckpt,module", "expected.safetensors,expected"})
    void givesTheFileOfTheSafetensorsLibrary(String in, String expected) throws IOException {
        Path out = temp.resolve("out.safetensors");
        Convert.Report r = convert(resource(in), out, AS_IS);
        assertEquals(List.of(out), r.files());
        assertArrayEquals(Files.readAllBytes(resource(expected + ".safetensors")), Files.readAllBytes(out));
        assertEquals(Set.of("out.safetensors"), listing());
    }

    @ParameterizedTest
    @CsvSource({"F32,float32", "F16,float16", "BF16,bfloat16"})
    void roundsAsPyTorch(DType type, String name) throws IOException {
        Path out = temp.resolve("out.safetensors");
        convert(resource("rounding.pt"), out, new Convert.Options(type, 0, true, null));
        assertArrayEquals(Files.readAllBytes(resource("rounding." + name + ".safetensors")), Files.readAllBytes(out));
    }

    /** Values that float32 rounds to the midpoint of two values of the shorter type. */
    @Test
    void doublesAreRoundedOnce() throws IOException {
        Path in = temp.resolve("in.safetensors");
        Path out = temp.resolve("out.safetensors");
        double tiny = 0x1p-40;
        write(in, Map.of("x", Tensor.of(Shape.of(5), 1 + 0x1p-11 + tiny, 1 + 0x1p-11, 1 + 0x3p-11 - tiny,
                -1 - 0x1p-11 - tiny, 1e-300)), DType.F64);
        convert(in, out, new Convert.Options(DType.F16, 0, true, null));
        assertArrayEquals(new double[]{1 + 0x1p-10, 1, 1 + 0x1p-10, -1 - 0x1p-10, 0},
                Fixtures.tensors(out).get("x").data());
        write(in, Map.of("x", Tensor.of(Shape.of(2), 1 + 0x1p-8 + tiny, 1 + 0x1p-8)), DType.F64);
        convert(in, out, new Convert.Options(DType.BF16, 0, true, null));
        assertArrayEquals(new double[]{1 + 0x1p-7, 1}, Fixtures.tensors(out).get("x").data());
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F16", "BF16", "F32"})
    void overflowIsRefusedAndInfinityKept(DType type) throws IOException {
        double largest = type == DType.F16 ? 65504 : type == DType.BF16 ? 0x1.fep127 : Float.MAX_VALUE;
        double half = type == DType.F16 ? 16 : type == DType.BF16 ? 0x1p119 : 0x1p103;
        Path in = temp.resolve("in.safetensors");
        Path out = temp.resolve("out.safetensors");
        double inf = Double.POSITIVE_INFINITY;
        double[] kept = {largest, -inf, inf, Double.NaN};
        write(in, Map.of("x", Tensor.of(Shape.of(4), kept)), DType.F64);
        convert(in, out, new Convert.Options(type, 0, true, null));
        assertArrayEquals(kept, Fixtures.tensors(out).get("x").data());
        write(in, Map.of("x", Tensor.of(Shape.of(1), Math.nextDown(largest + half))), DType.F64);
        convert(in, out, new Convert.Options(type, 0, true, null));
        assertArrayEquals(new double[]{largest}, Fixtures.tensors(out).get("x").data());
        Files.delete(out);
        write(in, Map.of("x", Tensor.of(Shape.of(1), -(largest + half))), DType.F64);
        assertTrue(refusal(in, out, new Convert.Options(type, 0, true, null)).contains("tensor 'x' holds -"));
        assertEquals(Set.of("in.safetensors"), listing());
    }

    @Test
    void onlyFloatsChangeTheirType() throws IOException {
        String why = refusal(resource("zip2.pt"), temp.resolve("x.safetensors"),
                new Convert.Options(DType.F16, 0, true, null));
        assertTrue(why.contains("has dtype F8_") && why.contains("leave out dtype"), why);
        Path out = temp.resolve("out.safetensors");
        Path first = temp.resolve("first.safetensors");
        convert(resource("module.pt"), first, AS_IS);
        convert(first, out, new Convert.Options(DType.F16, 0, true, null));
        try (Safetensors s = Safetensors.open(out)) {
            assertEquals(DType.I64, s.tensors().get("1.num_batches_tracked").dtype());
            assertEquals(DType.F16, s.tensors().get("1.running_mean").dtype());
        }
    }

    @Test
    void shardsComeBackTogether() throws IOException {
        Path folder = temp.resolve("parts");
        Convert.Report r = convert(resource("zip2.pt"), folder, new Convert.Options(null, 400, true, null));
        int shards = r.files().size() - 1;
        assertTrue(shards > 3);
        assertEquals(folder.resolve("model.safetensors.index.json"), r.files().getLast());
        assertEquals(String.format("model-00001-of-%05d.safetensors", shards),
                r.files().getFirst().getFileName().toString());
        JsonNode index = Json.read(r.files().getLast());
        assertEquals(r.bytes(), index.path("metadata").path("total_size").asLong());
        assertEquals(r.tensors(), index.path("weight_map").size());
        for (Path f : r.files().subList(0, shards)) {
            try (Safetensors s = Safetensors.open(f)) {
                long bytes = s.tensors().values().stream().mapToLong(t -> t.bytes()).sum();
                assertTrue(bytes <= 400 || s.tensors().size() == 1, f + " has " + bytes);
            }
        }
        try (WeightStore store = WeightStore.open(folder)) {
            assertEquals(r.tensors(), store.names().size());
        }
        Path joined = temp.resolve("joined.safetensors");
        convert(folder, joined, AS_IS);
        assertArrayEquals(Files.readAllBytes(resource("expected.safetensors")), Files.readAllBytes(joined));
        convert(r.files().getLast(), joined, AS_IS);
        assertArrayEquals(Files.readAllBytes(resource("expected.safetensors")), Files.readAllBytes(joined));
    }

    @Test
    void shardedPicklesAreRead() throws IOException {
        Files.copy(resource("zip2.pt"), temp.resolve("pytorch_model-00001-of-00002.bin"));
        Files.copy(resource("module.pt"), temp.resolve("pytorch_model-00002-of-00002.bin"));
        Path index = temp.resolve("pytorch_model.bin.index.json");
        String map = "{\"weight_map\":{\"scalar\":\"pytorch_model-00001-of-00002.bin\",\"%s\":\"%s\"}}";
        Files.writeString(index, String.format(map, "0.weight", "pytorch_model-00002-of-00002.bin"));
        Path out = temp.resolve("out");
        Convert.Report r = convert(temp, out, AS_IS);
        assertEquals(List.of(out.resolve("model.safetensors")), r.files());
        assertEquals(39 + 7, r.tensors());
        Files.writeString(index, String.format(map, "0.weight", "../pytorch_model-00002-of-00002.bin"));
        assertTrue(refusal(temp, out, AS_IS).contains("not a shard next to it"));
        Files.writeString(index, String.format(map, "nothing", "pytorch_model-00002-of-00002.bin"));
        assertTrue(refusal(temp, out, AS_IS).contains("has no tensor 'nothing'"));
        Files.writeString(index, String.format(map, "0.weight", "pytorch_model-00003-of-00003.bin"));
        assertTrue(refusal(temp, out, AS_IS).contains("shard is missing"));
    }

    @Test
    void aPartsFolderKeepsItsConfiguration() throws IOException {
        Path in = Files.createDirectory(temp.resolve("in"));
        Path out = temp.resolve("a/b");
        Files.copy(resource("module.pt"), in.resolve("diffusion_pytorch_model.bin"));
        for (String f : List.of("config.json", "vocab.txt", "other.bin.index.json", "code.py", "README.md")) {
            Files.writeString(in.resolve(f), "{}");
        }
        Files.createDirectory(in.resolve("folder.json"));
        Convert.Report r = convert(in, out, AS_IS);
        assertEquals(List.of(out.resolve("config.json"), out.resolve("vocab.txt")), r.copied());
        assertEquals(List.of(out.resolve("diffusion_pytorch_model.safetensors")), r.files());
        assertNull(r.warning());
        // In place, and next to a file that loaders would prefer.
        assertEquals(List.of(), convert(in, in, AS_IS).copied());
        assertTrue(Files.exists(in.resolve("diffusion_pytorch_model.safetensors")));
        String warning = convert(resource("module.pt"), out, AS_IS).warning();
        assertTrue(warning.contains("would be read instead of model.safetensors"), warning);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> convert(out, out, AS_IS));
        assertTrue(e.getMessage().contains("over itself"), e.getMessage());
    }

    @Test
    void olderNamesBecomeTodays() throws IOException {
        Path folder = temp.resolve("vae");
        Path vae = Fixtures.model(SyntheticModel.Size.TINY).resolve("vae");
        Path original = vae.resolve("diffusion_pytorch_model.safetensors");
        Map<String, Tensor> old = new HashMap<>();
        Fixtures.tensors(original).forEach((name, t) -> {
            String before = name.replace(".to_q.", ".query.").replace(".to_k.", ".key.").replace(".to_v.", ".value.")
                    .replace(".to_out.0.", ".proj_attn.");
            boolean matrix = name.matches(".*mid_block\\.attentions.*to_.*\\.weight");
            int[] s = t.shape().toArray();
            old.put(before, matrix ? Tensor.of(Shape.of(s[0], s[1], 1, 1), t.data()) : t);
        });
        Files.createDirectory(folder);
        write(folder.resolve("vae.safetensors"), old, DType.F32);
        Files.copy(vae.resolve("config.json"), folder.resolve("config.json"));
        Path out = temp.resolve("out");
        Convert.Report r = convert(folder, out, AS_IS);
        assertTrue(r.changes().contains(
                "renamed decoder.mid_block.attentions.0.proj_attn.bias to decoder.mid_block.attentions.0.to_out.0.bias"),
                r.changes().toString());
        assertTrue(r.changes().contains("reshaped encoder.mid_block.attentions.0.to_q.weight from [64, 64, 1, 1] to"
                + " [64, 64]"), r.changes().toString());
        assertEquals(16 + 8, r.changes().size());
        assertEquals(List.of(), Verify.folder(out).getFirst().faults());
        assertSameTensors(original, r.files().getFirst());

        Convert.Report kept = convert(folder, temp.resolve("kept"), new Convert.Options(null, 0, false, null));
        assertEquals(List.of(), kept.changes());
        assertEquals(old.keySet(), Fixtures.tensors(kept.files().getFirst()).keySet());
    }

    @Test
    void bertsOlderNamesToo() throws IOException {
        Path in = temp.resolve("in.safetensors");
        Map<String, Tensor> old = new HashMap<>();
        for (String name : List.of("bert.embeddings.LayerNorm.gamma", "bert.embeddings.LayerNorm.beta",
                "bert.embeddings.position_ids", "bert.encoder.layer.0.attention.self.query.weight", "blocks.0.gamma",
                "conv.attentions.0.query.weight")) {
            old.put(name, Tensor.of(Shape.of(1), 1));
        }
        write(in, old, DType.F32);
        Path out = temp.resolve("out.safetensors");
        List<String> changes = new ArrayList<>(convert(in, out, AS_IS).changes());
        changes.sort(null);
        assertEquals(List.of("dropped bert.embeddings.position_ids",
                "renamed bert.embeddings.LayerNorm.beta to bert.embeddings.LayerNorm.bias",
                "renamed bert.embeddings.LayerNorm.gamma to bert.embeddings.LayerNorm.weight"), changes);
        assertTrue(Fixtures.tensors(out).keySet().containsAll(
                Set.of("blocks.0.gamma", "conv.attentions.0.query.weight",
                        "bert.encoder.layer.0.attention.self.query.weight")));
        old.put("bert.embeddings.LayerNorm.weight", Tensor.of(Shape.of(1), 2));
        write(in, old, DType.F32);
        assertTrue(refusal(in, out, AS_IS).contains("has both"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"system.zip2.pt", "bomb.pt", "traversal.pt", "tar.pt", "two.pt", "lying.pt"})
    void whatIsRefusedLeavesNothing(String name) throws IOException {
        String why = refusal(resource(name), temp.resolve("out/x.safetensors"), AS_IS);
        assertTrue(why.startsWith(resource(name).toString()), why);
        refusal(resource(name), temp.resolve("folder"), AS_IS);
        assertEquals(Set.of(), listing());
        assertFalse(Files.exists(temp.resolve("folder")) || Files.exists(Path.of("executed")));
    }

    @Test
    void outputsThatCannotBe() throws IOException {
        Path file = Files.writeString(temp.resolve("x"), "old");
        for (Path out : List.of(file, temp.resolve("y.bin"), temp.resolve("y.pt"))) {
            assertThrows(IllegalArgumentException.class, () -> convert(resource("module.pt"), out, AS_IS));
        }
        assertThrows(IOException.class,
                () -> convert(resource("module.pt"), temp.resolve("no/such/x.safetensors"), AS_IS));
        assertEquals("old", Files.readString(file));
        assertTrue(refusal(temp.resolve("none"), temp.resolve("z"), AS_IS).contains("no such file or folder"));
        assertTrue(refusal(temp, temp.resolve("z"), AS_IS).contains("no weights found"));
        write(temp.resolve("m.safetensors"), Map.of(), DType.F32);
        assertTrue(refusal(temp, temp.resolve("z"), AS_IS).contains("has no tensors"));
    }

    private static void assertSameTensors(Path a, Path b) {
        Map<String, Tensor> left = Fixtures.tensors(a);
        Map<String, Tensor> right = Fixtures.tensors(b);
        assertEquals(left.keySet(), right.keySet());
        left.forEach((name, t) -> {
            assertEquals(t.shape(), right.get(name).shape(), name);
            assertArrayEquals(t.data(), right.get(name).data(), name);
        });
    }
}
