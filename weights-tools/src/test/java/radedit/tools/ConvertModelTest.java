package radedit.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.files.OutputFile;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel;
import radedit.tensor.DType;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.tools.pickle.TorchFiles;
import radedit.weights.WeightsException;

class ConvertModelTest {
    private static final Path MODEL = Fixtures.model(SyntheticModel.Size.TINY);
    private static final Convert.Options AS_IS = new Convert.Options(null, 0, true, null);

    @TempDir
    Path temp;
    private Path in;

    /** The tiny model with two parts as pickles, one with older names, and other files of such folders. */
    @BeforeEach
    void model() throws IOException {
        in = temp.resolve("in");
        copy("scheduler/scheduler_config.json", "tokenizer/vocab.txt", "tokenizer/tokenizer_config.json",
                "unet/config.json",
                "vae/config.json", "text_encoder/config.json", "model_index.json");
        pickle("unet", "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin");
        pickle("text_encoder", "model.safetensors", "pytorch_model.bin");
        Map<String, Tensor> old = new HashMap<>();
        Fixtures.tensors(MODEL.resolve("vae/diffusion_pytorch_model.safetensors"))
                .forEach((name, t) -> old.put(name.replace(".to_q.", ".query."), t));
        SafetensorsWriter w = new SafetensorsWriter();
        old.forEach((name, t) -> w.add(name, DType.F32, t));
        OutputFile.write(in.resolve("vae/diffusion_pytorch_model.safetensors"), w::writeTo);
        for (String extra : List.of("README.md", ".gitattributes", "unet/training_args.bin", "unet/optimizer.bin",
                "v1-5.ckpt",
                "unet/diffusion_pytorch_model.fp16.bin", "feature_extractor/preprocessor_config.json")) {
            Files.createDirectories(in.resolve(extra).getParent());
            Files.writeString(in.resolve(extra), extra);
        }
    }

    private void copy(String... names) throws IOException {
        for (String n : names) {
            Files.createDirectories(in.resolve(n).getParent());
            Files.copy(MODEL.resolve(n), in.resolve(n));
        }
    }

    private void pickle(String part, String from, String to) throws IOException {
        TorchFiles.write(in.resolve(part).resolve(to), Fixtures.tensors(MODEL.resolve(part).resolve(from)));
    }

    private Convert.Report convert(Path out) throws IOException {
        return Convert.run(in, out, AS_IS, (d, t) -> {});
    }

    private static SortedSet<String> listing(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return new TreeSet<>(all.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()).toList());
        }
    }

    private void assertSame(String name, Path made) {
        Map<String, Tensor> expected = Fixtures.tensors(MODEL.resolve(name));
        Map<String, Tensor> ours = Fixtures.tensors(made);
        assertEquals(expected.keySet(), ours.keySet());
        expected.forEach((n, t) -> assertArrayEquals(t.data(), ours.get(n).data(), n));
    }

    @Test
    void everyPartIsConvertedAndTheRestCopied() throws IOException {
        Path out = temp.resolve("out");
        Convert.Report r = convert(out);
        assertEquals(
                new TreeSet<>(List.of("README.md", "model_index.json", "feature_extractor/preprocessor_config.json",
                        "scheduler/scheduler_config.json", "tokenizer/vocab.txt", "tokenizer/tokenizer_config.json",
                        "unet/config.json",
                        "unet/training_args.bin", "unet/optimizer.bin", "unet/diffusion_pytorch_model.safetensors",
                        "text_encoder/config.json", "text_encoder/model.safetensors", "vae/config.json",
                        "vae/diffusion_pytorch_model.safetensors")),
                listing(out));
        assertEquals(List.of(), Verify.folder(out).stream().flatMap(v -> v.faults().stream()).toList());
        assertEquals(List.of(), Verify.folder(out).stream().flatMap(v -> v.warnings().stream()).toList());
        for (String part : List.of("unet", "vae")) {
            String name = part + "/diffusion_pytorch_model.safetensors";
            assertSame(name, out.resolve(name));
        }
        assertSame("text_encoder/model.safetensors", out.resolve("text_encoder/model.safetensors"));
        assertTrue(r.files().contains(out.resolve("unet/diffusion_pytorch_model.safetensors")), r.files().toString());
        assertTrue(r.copied().contains(out.resolve("tokenizer/vocab.txt")), r.copied().toString());
        assertTrue(r.changes().contains("vae: renamed decoder.mid_block.attentions.0.query.bias to"
                + " decoder.mid_block.attentions.0.to_q.bias"), r.changes().toString());
        assertTrue(r.leftOut().containsAll(List.of("v1-5.ckpt (belongs to no part)", ".gitattributes",
                "unet/diffusion_pytorch_model.fp16.bin (diffusion_pytorch_model.bin is what is read)")),
                r.leftOut().toString());
    }

    @Test
    void whatIsThereAlreadyIsNotTouched() throws IOException {
        Path out = temp.resolve("out");
        convert(out);
        SortedSet<String> before = listing(out);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> convert(out));
        assertTrue(e.getMessage().startsWith(out + ": exists already and holds README.md, feature_extractor, "),
                e.getMessage());
        assertEquals(before, listing(out));
        Path file = Files.createFile(temp.resolve("file"));
        assertThrows(IllegalArgumentException.class, () -> convert(file));
        assertThrows(IllegalArgumentException.class, () -> convert(temp.resolve("x.safetensors")));
        assertThrows(IllegalArgumentException.class,
                () -> Convert.run(in, temp.resolve("k"), new Convert.Options(null, 0, true, "x"), (d, t) -> {}));
        assertFalse(Files.exists(temp.resolve("k")));
    }

    @Test
    void nothingIsLeftOfWhatFails() throws IOException {
        Files.copy(TestData.resource("/pickle/system.zip2.pt"), in.resolve("text_encoder/model.pt"));
        Files.delete(in.resolve("text_encoder/pytorch_model.bin"));
        WeightsException e = assertThrows(WeightsException.class, () -> convert(temp.resolve("out")));
        assertTrue(e.getMessage().contains("asks for posix.system"), e.getMessage());
        try (Stream<Path> left = Files.list(temp)) {
            assertEquals(List.of(in), left.toList());
        }
    }

    @Test
    void intoTheSameFolder() throws IOException {
        Files.copy(MODEL.resolve("vae/diffusion_pytorch_model.safetensors"),
                in.resolve("vae/diffusion_pytorch_model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        Convert.Report r = convert(in);
        assertEquals(2, r.files().size());
        assertSame("text_encoder/model.safetensors", in.resolve("text_encoder/model.safetensors"));
        assertTrue(Files.exists(in.resolve("text_encoder/pytorch_model.bin")));
        assertTrue(r.leftOut().contains("vae/diffusion_pytorch_model.safetensors (exists already)"),
                r.leftOut().toString());
        assertEquals(List.of(), convert(in).files(), "nothing is left to do");
    }

    /** A cache of the hub's programs: files are links, and some are broken. */
    @Test
    void linksAreFollowed() throws IOException {
        Path blob = temp.resolve("blob");
        Files.move(in.resolve("unet/diffusion_pytorch_model.bin"), blob);
        Files.createSymbolicLink(in.resolve("unet/diffusion_pytorch_model.bin"), Path.of("../../blob"));
        Files.createSymbolicLink(in.resolve("gone.txt"), Path.of("nowhere"));
        Convert.Report r = convert(temp.resolve("out"));
        assertSame("unet/diffusion_pytorch_model.safetensors",
                temp.resolve("out/unet/diffusion_pytorch_model.safetensors"));
        assertTrue(r.leftOut().contains("gone.txt (is not a file)"), r.leftOut().toString());
    }

    @Test
    void typesAndShardsGoForAllParts() throws IOException {
        Path out = temp.resolve("out");
        Convert.run(in, out, new Convert.Options(DType.F16, 1 << 20, true, null), (d, t) -> {});
        assertTrue(Files.exists(out.resolve("vae/diffusion_pytorch_model.safetensors.index.json")));
        assertEquals(List.of(), Verify.folder(out).stream().flatMap(v -> v.faults().stream()).toList());
    }
}
