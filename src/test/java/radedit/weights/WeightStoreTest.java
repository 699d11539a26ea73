package radedit.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertTrue(refusal().contains("no shard beside it"));
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
            assertTrue(assertThrows(WeightsException.class, () -> s.verify(Map.of("a", TWO), n -> false)).getMessage()
                    .contains("1 tensor that the configuration does not know: 'b'"));
            s.verify(Map.of("a", TWO), "b"::equals);
        }
        byte[] whole = Files.readAllBytes(temp.resolve("model.safetensors"));
        Files.write(temp.resolve("model.safetensors"), java.util.Arrays.copyOf(whole, whole.length - 1));
        assertTrue(refusal().contains("truncated"));
    }
}
