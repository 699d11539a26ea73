package radedit.tools.hub;

import radedit.testkit.PublishedModel;
import radedit.testkit.FakeHub;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/** The published model from its three repositories. */
class RadEditModelTest {
    private static final Path TINY = Fixtures.model(Size.TINY);

    @TempDir
    Path temp;

    private final FakeHub hub = new FakeHub();
    private final Heard heard = new Heard();
    private final Map<String, String> env = new HashMap<>();
    private final List<String> conversions = new ArrayList<>();

    @AfterEach
    void close() {
        hub.close();
    }

    private RadEditModel.Fetched fetch(Converter converter) throws IOException {
        env.put("HF_HOME", temp.resolve("hf").toString());
        env.put("HF_ENDPOINT", hub.endpoint());
        HubSettings settings = HubSettings.of(env).withPause(Duration.ofMillis(5));
        try (RepoFetch f = new RepoFetch(settings, heard)) {
            return new RadEditModel(f, settings, temp.resolve("models/radedit"), Optional.ofNullable(converter), heard)
                    .fetch();
        }
    }

    private void copy(Path in, Path out) throws IOException {
        conversions.add(in.getFileName() + " to " + out.getParent().getFileName() + "/" + out.getFileName());
        Files.copy(in, out);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return List.copyOf(new TreeSet<>(
                    all.filter(Files::isRegularFile).map(p -> folder.relativize(p).toString()).toList()));
        }
    }

    @Test
    void aModelFolderOfLinksAndConvertedFiles() throws IOException {
        PublishedModel.publish(hub, TINY, false);
        RadEditModel.Fetched f = fetch(this::copy);
        assertTrue(f.ready());
        assertEquals(List.of("fetched.json", "image_encoder/model.safetensors", "text_encoder/config.json",
                "text_encoder/model.safetensors", "tokenizer/tokenizer_config.json", "tokenizer/vocab.txt",
                "unet/config.json", "unet/diffusion_pytorch_model.safetensors", "vae/config.json",
                "vae/diffusion_pytorch_model.safetensors"), files(f.folder()));
        assertEquals(List.of("pytorch_model.bin to text_encoder/model.safetensors",
                "biovil_t_image_model_proj_size_128.pt to image_encoder/model.safetensors"), conversions);
        for (String part : List.of("unet", "vae", "text_encoder")) {
            try (WeightStore s = WeightStore.open(f.folder().resolve(part))) {
                assertFalse(s.names().isEmpty());
            }
        }
        assertTrue(Files.isSymbolicLink(f.folder().resolve("unet/diffusion_pytorch_model.safetensors")));
        assertFalse(Files.isSymbolicLink(f.folder().resolve("text_encoder/model.safetensors")));
        assertEquals(List.of(), heard.warnings);
        assertFalse(
                hub.calls.stream().anyMatch(c -> c.path().endsWith(".py") || c.path().endsWith("sdxl_vae.safetensors")
                        || c.path().endsWith("vae/resolve/main/diffusion_pytorch_model.bin")),
                "only what is needed");

        hub.calls.clear();
        fetch(this::copy);
        assertEquals(2, conversions.size(), "what was converted is kept");
        assertEquals(4, hub.calls.size(), "one look for each part: " + hub.calls);
        assertTrue(Files.size(f.folder().resolve("text_encoder/model.safetensors")) > 1000);
        env.put("HF_HUB_OFFLINE", "1");
        assertTrue(fetch(this::copy).ready());
        try (Stream<Path> beside = Files.list(temp.resolve("models"))) {
            assertEquals(List.of(".radedit.lock", "radedit"),
                    beside.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void withoutAConverterTheCommandIsNamed() throws IOException {
        PublishedModel.publish(hub, TINY, false);
        RadEditModel.Fetched f = fetch(null);
        assertFalse(f.ready());
        assertEquals(2, heard.warnings.size());
        Path part = f.folder().toAbsolutePath().resolve("text_encoder");
        assertTrue(heard.warnings.getFirst().endsWith("radedit weights convert '" + part.resolve("pytorch_model.bin")
                + "' '" + part.resolve("model.safetensors") + "'"), heard.warnings.toString());
        // The user converts as advised; a later fetch keeps the result.
        Files.copy(part.resolve("pytorch_model.bin"), part.resolve("model.safetensors"));
        heard.warnings.clear();
        fetch(null);
        assertEquals(1, heard.warnings.size(), "only the image encoder is left: " + heard.warnings);
        assertTrue(Files.isRegularFile(part.resolve("model.safetensors")));
    }

    @Test
    void aNewCommitIsConvertedAnew() throws IOException {
        PublishedModel.publish(hub, TINY, false);
        fetch(this::copy);
        Map<String, byte[]> changed = PublishedModel.text(TINY, false);
        changed.put("vocab.txt", "other".getBytes(StandardCharsets.UTF_8));
        hub.publish("microsoft/BiomedVLP-BioViL-T", "main", changed);
        Path folder = fetch(this::copy).folder();
        assertEquals("other", Files.readString(folder.resolve("tokenizer/vocab.txt")));
        assertEquals(4, conversions.size());
    }

    @Test
    void oldNamesAreConverted() throws IOException {
        PublishedModel.publish(hub, TINY, true);
        SafetensorsWriter w = new SafetensorsWriter().add("decoder.mid_block.attentions.0.query.weight", DType.F32,
                Tensor.zeros(Shape.of(300)));
        ByteArrayOutputStream old = new ByteArrayOutputStream();
        w.writeTo(old);
        Map<String, byte[]> vae = new LinkedHashMap<>();
        vae.put("config.json", Files.readAllBytes(TINY.resolve("vae/config.json")));
        vae.put("diffusion_pytorch_model.safetensors", old.toByteArray());
        hub.publish("stabilityai/sdxl-vae", "main", vae);
        fetch(this::copy);
        assertEquals(List.of("diffusion_pytorch_model.safetensors to vae/diffusion_pytorch_model.safetensors"),
                conversions);
    }

    @Test
    void theImageEncoderMayLieAtATagOrNowhere() throws IOException {
        PublishedModel.publish(hub, TINY, true);
        Map<String, byte[]> text = PublishedModel.text(TINY, true);
        text.remove("image_model.safetensors");
        hub.publish("microsoft/BiomedVLP-BioViL-T", "main", text);
        Path folder = fetch(this::copy).folder();
        assertFalse(Files.exists(folder.resolve("image_encoder")));
        assertTrue(heard.warnings.getFirst().startsWith("no image encoder, so there will be no scores: "),
                heard.warnings.toString());
        hub.publish("microsoft/BiomedVLP-BioViL-T", "v1.0", PublishedModel.text(TINY, true));
        RadEditModel.Fetched f = fetch(this::copy);
        assertTrue(Files.exists(folder.resolve("image_encoder/model.safetensors")));
        assertEquals(List.of("main", "main", "main", "v1.0"), f.snapshots().stream().map(Snapshot::revision).toList());
    }

    @Test
    void offlineWithoutTheImageEncoder() throws IOException {
        PublishedModel.publish(hub, TINY, true);
        Path folder = fetch(this::copy).folder();
        Files.delete(temp.resolve("hf/hub/models--microsoft--BiomedVLP-BioViL-T/snapshots")
                .resolve(hub.publish("microsoft/BiomedVLP-BioViL-T", "main", PublishedModel.text(TINY, true)))
                .resolve("image_model.safetensors"));
        env.put("HF_HUB_OFFLINE", "1");
        assertTrue(fetch(this::copy).ready());
        assertFalse(Files.exists(folder.resolve("image_encoder")));
        assertTrue(heard.warnings.getFirst().startsWith("no image encoder"), heard.warnings.toString());
    }

    @Test
    void aConverterThatFailsLeavesTheEarlierModel() throws IOException {
        PublishedModel.publish(hub, TINY, true);
        Path folder = fetch(this::copy).folder();
        List<String> before = files(folder);
        PublishedModel.publish(hub, TINY, false);
        IOException e = assertThrows(IOException.class, () -> fetch((in, out) -> {
            Files.write(out, new byte[5]);
            throw new IOException(in + ": refused");
        }));
        assertTrue(e.getMessage().endsWith("pytorch_model.bin: refused"));
        assertEquals(before, files(folder));
        assertFalse(Files.exists(folder.resolveSibling(".radedit.part")));
    }

    @Test
    void anImageEncoderThatCannotBeConvertedIsLeftOut() throws IOException {
        PublishedModel.publish(hub, TINY, false);
        RadEditModel.Fetched f = fetch((in, out) -> {
            Files.copy(in, out);
            if (in.toString().endsWith(".pt")) {
                throw new WeightsException(in + ": refused");
            }
        });
        assertTrue(f.ready());
        assertFalse(Files.exists(f.folder().resolve("image_encoder")));
        assertTrue(heard.warnings.getFirst().matches("the image encoder is left out: .*\\.pt: refused"),
                heard.warnings.toString());
    }

    @Test
    void aRepositoryThatHoldsSomethingElse() throws IOException {
        PublishedModel.publish(hub, TINY, true);
        hub.publish("microsoft/radedit", "main", Map.of("README.md", new byte[3]));
        WeightsException e = assertThrows(WeightsException.class, () -> fetch(this::copy));
        assertEquals("microsoft/radedit: holds no UNet that can be recognised\nit has README.md", e.getMessage());
    }

    @Test
    void aFolderThatSomebodyElseMadeIsLeftAlone() throws IOException {
        PublishedModel.publish(hub, TINY, true);
        Path file = Files.createDirectories(temp.resolve("models/radedit")).resolve("mine.txt");
        Files.writeString(file, "mine");
        assertTrue(assertThrows(WeightsException.class, () -> fetch(this::copy)).getMessage().contains("move it away"));
        assertArrayEquals("mine".getBytes(), Files.readAllBytes(file));
        assertEquals(List.of(), hub.calls);
    }

    @Test
    void copiesWhereLinksAreForbidden() throws IOException {
        env.put("HF_HUB_DISABLE_SYMLINKS", "1");
        PublishedModel.publish(hub, TINY, true);
        Path folder = fetch(null).folder();
        for (String f : files(folder)) {
            assertFalse(Files.isSymbolicLink(folder.resolve(f)), f);
        }
        fetch(null);
    }
}
