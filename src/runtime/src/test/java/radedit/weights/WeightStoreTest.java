package radedit.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

class WeightStoreTest {
    private static final Shape TWO = Shape.of(2);

    @TempDir
    Path temp;

    private void file(String name, String... tensors) throws IOException {
        SafetensorsWriter w = new SafetensorsWriter();
        for (String t : tensors) {
            w.add(t, DType.F32, Tensor.of(TWO, t.length(), 1));
        }
        try (OutputStream out = Files.newOutputStream(temp.resolve(name))) {
            w.writeTo(out);
        }
    }

    private String refusal() {
        return assertThrows(WeightsException.class, () -> WeightStore.open(temp).close()).getMessage();
    }

    @Test
    void takesTheFullPrecisionFileWhereBothAreThere() throws IOException {
        file("diffusion_pytorch_model.fp16.safetensors", "half");
        file("diffusion_pytorch_model.safetensors", "full");
        try (WeightStore s = WeightStore.open(temp)) {
            assertEquals(Set.of("full"), s.names());
        }
    }

    @Test
    void joinsShards() throws IOException {
        file("model-00001-of-00002.safetensors", "a");
        file("model-00002-of-00002.safetensors", "bb", "ccc");
        Files.writeString(temp.resolve("model.safetensors.index.json"),
                "{\"metadata\":{},\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
                        + "\"bb\":\"model-00002-of-00002.safetensors\",\"ccc\":\"model-00002-of-00002.safetensors\"}}");
        try (WeightStore s = WeightStore.open(temp)) {
            assertEquals(3, s.get("ccc", TWO).get(0));
            assertEquals(2, s.files().size());
        }
        Files.delete(temp.resolve("model-00001-of-00002.safetensors"));
        assertTrue(refusal().contains("shard is missing"));
    }

    @Test
    void anIndexCannotReachOutOfItsFolder() throws IOException {
        Files.writeString(temp.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"../x.safetensors\"}}");
        assertTrue(refusal().contains("not a shard next to it"));
    }

    @Test
    void saysWhatIsMissingOrWrong() throws IOException {
        assertTrue(refusal().contains("no weights found"));
        Files.createFile(temp.resolve("pytorch_model.bin"));
        assertTrue(refusal().contains("weights convert"));
        file("model.safetensors", "a", "b");
        try (WeightStore s = WeightStore.open(temp)) {
            assertTrue(assertThrows(WeightsException.class, () -> s.get("x.weight", TWO)).getMessage()
                    .contains("tensor 'x.weight' [2] is missing"));
            assertTrue(assertThrows(WeightsException.class, () -> s.get("a", Shape.of(3))).getMessage()
                    .contains("has shape [2], the configuration demands [3]"));
            assertTrue(assertThrows(WeightsException.class, () -> s.verify(Map.of("a", TWO), n -> false, n -> false))
                    .getMessage()
                    .contains("1 tensor that the configuration does not know: 'b'"));
            assertEquals(List.of(), s.verify(Map.of("a", TWO), "b"::equals, n -> false));
            assertEquals(List.of(temp + ": 1 tensor that the network does not have is not used: 'b'"),
                    s.verify(Map.of("a", TWO), n -> false, "b"::equals));
        }
        byte[] whole = Files.readAllBytes(temp.resolve("model.safetensors"));
        Files.write(temp.resolve("model.safetensors"), java.util.Arrays.copyOf(whole, whole.length - 1));
        assertTrue(refusal().contains("truncated"));
    }

    private void write(Map<String, Tensor> tensors) throws IOException {
        SafetensorsWriter w = new SafetensorsWriter();
        tensors.forEach((name, t) -> w.add(name, DType.F32, t));
        try (OutputStream out = Files.newOutputStream(temp.resolve("model.safetensors"))) {
            w.writeTo(out);
        }
    }

    @Test
    void olderNamesAndShapesAreReadAsTodays() throws IOException {
        String before = "decoder.mid_block.attentions.0.";
        write(Map.of(before + "query.weight", Tensor.of(Shape.of(1, 2, 1, 1), 1, 2), before + "proj_attn.bias",
                Tensor.of(TWO, 3, 4),
                "x.LayerNorm.gamma", Tensor.of(TWO, 5, 6), "mid_block.attentions.0.proj_attn.weight.x",
                Tensor.of(TWO, 7, 8)));
        Shape matrix = Shape.of(1, 2);
        Map<String, Shape> demanded = Map.of(before + "to_q.weight", matrix, before + "to_out.0.bias", TWO,
                "x.LayerNorm.weight", TWO,
                "mid_block.attentions.0.proj_attn.weight.x", TWO);
        try (WeightStore s = WeightStore.open(temp)) {
            assertEquals(demanded.keySet(), s.names());
            assertArrayEquals(new double[]{1, 2}, s.get(before + "to_q.weight", matrix).toDoubles());
            assertArrayEquals(new double[]{3, 4}, s.get(before + "to_out.0.bias", TWO).toDoubles());
            List<String> warnings = s.verify(demanded, n -> false, n -> false);
            assertEquals(2, warnings.size());
            assertTrue(warnings.get(0)
                    .startsWith(temp + ": 3 tensors under older names are read under current names: '" + before
                            + "proj_attn.bias', '"),
                    warnings.get(0));
            assertTrue(warnings.get(1)
                    .startsWith(temp + ": 1 tensor stored as 1 x 1 convolutions is read as matrices: '" + before
                            + "query.weight'"),
                    warnings.get(1));
            assertThrows(WeightsException.class, () -> s.get(before + "to_q.weight", Shape.of(2, 1)));
            assertThrows(WeightsException.class, () -> s.get(before + "to_q.weight", TWO));
        }
        write(Map.of("x.LayerNorm.gamma", Tensor.of(TWO, 5, 6), "x.LayerNorm.weight", Tensor.of(TWO, 5, 6)));
        assertTrue(refusal().contains("' too, which is the same tensor's older or current name"), refusal());
    }

    /** Other tensors with axes of length 1 are not read as matrices: only attention matrices were ever stored so. */
    @Test
    void otherConvolutionsStayWhatTheyAre() throws IOException {
        String attention = "mid_block.attentions.0.to_out.0.weight";
        write(Map.of("conv.weight", Tensor.of(Shape.of(1, 2, 1, 1), 1, 2), attention,
                Tensor.of(Shape.of(1, 2, 1), 3, 4)));
        try (WeightStore s = WeightStore.open(temp)) {
            assertArrayEquals(new double[]{3, 4}, s.get(attention, Shape.of(1, 2)).toDoubles());
            assertTrue(assertThrows(WeightsException.class, () -> s.get("conv.weight", Shape.of(1, 2))).getMessage()
                    .contains("has shape [1, 2, 1, 1]"));
        }
    }

    @Test
    void theOnlyVariantIsTaken() throws IOException {
        file("diffusion_pytorch_model.non_ema.safetensors", "a");
        try (WeightStore s = WeightStore.open(temp)) {
            assertEquals(Set.of("a"), s.names());
        }
        file("diffusion_pytorch_model.ema.safetensors", "b");
        assertTrue(refusal().contains("holds several variants (diffusion_pytorch_model.ema.safetensors,"
                + " diffusion_pytorch_model.non_ema.safetensors)"), refusal());
        file("diffusion_pytorch_model.safetensors", "c");
        try (WeightStore s = WeightStore.open(temp)) {
            assertEquals(Set.of("c"), s.names());
        }
    }

    @Test
    void saysWhatIsThereUnderOtherNames() throws IOException {
        file("sdxl_vae.safetensors", "a");
        assertTrue(
                refusal().contains("no weights found")
                        && refusal().contains("\nit has sdxl_vae.safetensors; 'radedit weights convert"),
                refusal());
    }

    /** Symbolic links to blobs, as in the cache of the hub. */
    @Test
    void linkedFilesAndShardsAreFollowed() throws IOException {
        Path blobs = Files.createDirectory(temp.resolve("blobs"));
        file("blobs/0a1b", "a");
        Files.writeString(blobs.resolve("2c3d"), "\uFEFF{\"weight_map\":{\"a\":\"model-00001-of-00001.safetensors\"}}");
        Path snapshot = Files.createDirectories(temp.resolve("snapshots/x"));
        Files.createSymbolicLink(snapshot.resolve("model-00001-of-00001.safetensors"), Path.of("../../blobs/0a1b"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors.index.json"), Path.of("../../blobs/2c3d"));
        try (WeightStore s = WeightStore.open(snapshot)) {
            assertEquals(Set.of("a"), s.names());
        }
    }
}
