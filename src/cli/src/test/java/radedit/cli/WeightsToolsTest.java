package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.digest.Digests;
import radedit.files.OutputFile;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** radedit weights inspect, verify and convert: options, outputs, messages, exit codes. */
class WeightsToolsTest {
    private record Outcome(int code, String out, String err) {}

    private static final Path MODEL = Fixtures.model(Size.TINY);

    @TempDir
    Path temp;

    private static Path resource(String name) {
        return TestData.resource("/pickle/" + name);
    }

    private static Outcome run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(
                Stream.concat(Stream.of("weights"), Arrays.stream(args).map(Object::toString)).toArray(String[]::new),
                new PrintWriter(out, true), new PrintWriter(err, true));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static JsonNode json(Outcome o) throws IOException {
        return new ObjectMapper().readTree(o.out);
    }

    /** Checks for a refusal with this code, in one or two lines that contain these words, and nothing on stdout. */
    private static void assertRefused(int code, Outcome o, String... words) {
        assertEquals(code, o.code, o.err);
        assertEquals("", o.out);
        assertTrue(o.err.startsWith("radedit: ") && o.err.lines().count() <= 2, o.err);
        for (String w : words) {
            assertTrue(o.err.contains(w), o.err);
        }
    }

    /** A copy of the tiny VAE whose tensors can be changed. */
    private Path vae(Map<String, Tensor> changes) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("vae"));
        Path original = MODEL.resolve("vae/diffusion_pytorch_model.safetensors");
        Map<String, Tensor> tensors = new HashMap<>(Fixtures.tensors(original));
        changes.forEach((name, t) -> {
            if (t == null) {
                tensors.remove(name);
            } else {
                tensors.put(name, t);
            }
        });
        SafetensorsWriter w = new SafetensorsWriter();
        tensors.forEach((name, t) -> w.add(name, DType.F32, t));
        OutputFile.write(folder.resolve("diffusion_pytorch_model.safetensors"), w::writeTo);
        if (!Files.exists(folder.resolve("config.json"))) {
            Files.copy(MODEL.resolve("vae/config.json"), folder.resolve("config.json"));
        }
        return folder;
    }

    @Test
    void inspectListsAModel() throws IOException {
        Outcome o = run("inspect", MODEL);
        assertEquals(0, o.code, o.err);
        assertTrue(o.out.contains("unet: " + MODEL.resolve("unet") + ", safetensors\n"), o.out);
        assertTrue(o.out.contains("  cross_attention_dim = 48\n"), o.out);
        assertTrue(o.out.lines().anyMatch(l -> l.matches("conv_in\\.weight +F32 +\\[32, 4, 3, 3] +4608 bytes")), o.out);

        JsonNode parts = json(run("inspect", MODEL, "--json")).path("parts");
        assertEquals(4, parts.size());
        JsonNode unet = parts.get(0);
        assertEquals("unet", unet.path("part").asText());
        assertEquals(16, unet.path("config").path("sample_size").asInt());
        Path file = MODEL.resolve("unet/diffusion_pytorch_model.safetensors");
        assertEquals(Digests.hex("SHA-256", file), unet.path("files").get(0).path("sha256").asText());
        assertEquals(4 * unet.path("parameters").asLong(), unet.path("bytes").asLong());
        long elements = 0;
        for (JsonNode t : unet.path("tensors")) {
            elements += t.path("elements").asLong();
        }
        assertEquals(unet.path("parameters").asLong(), elements);
    }

    @Test
    void inspectReadsPickles() throws IOException {
        Outcome o = run("inspect", resource("training.ckpt"));
        assertEquals(0, o.code, o.err);
        assertTrue(o.out.contains("torch.save, zip") && o.out.contains("besides the tensors: epoch (a number)"), o.out);
        JsonNode part = json(run("inspect", resource("stream2.pt"), "--json")).path("parts").get(0);
        assertTrue(part.path("part").isNull() && part.path("config").isNull());
        assertEquals("torch.save, older stream", part.path("format").asText());
        assertEquals(39, part.path("tensors").size());
        assertEquals(7, json(run("inspect", resource("two.pt"), "--key", "ema", "--json")).path("parts").get(0)
                .path("tensors").size());
    }

    @Test
    void inspectRefusesWhatItCannotTrust() throws IOException {
        assertRefused(4, run("inspect", resource("system.zip2.pt")), "asks for posix.system");
        assertRefused(4, run("inspect", temp.resolve("none")), "no such file or folder");
        assertRefused(4, run("inspect", temp), "no weights found");
        assertRefused(4, run("inspect", Files.write(temp.resolve("x.safetensors"), new byte[9])), "header length");
        assertRefused(4, run("inspect", resource("two.pt"), "--json"), "--key");
        assertRefused(2, run("inspect"), "Missing required parameter");
    }

    @Test
    void verifyPassesWhatRuns() throws IOException {
        for (Size size : new Size[]{Size.TINY, Size.VARIANT}) {
            Outcome o = run("verify", Fixtures.model(size));
            assertEquals(0, o.code, o.err);
            assertEquals(4,
                    o.out.lines().filter(l -> l.endsWith(", as the configuration demands, all finite")).count());
        }
        Path file = MODEL.resolve("text_encoder/model.safetensors");
        Outcome o = run("verify", MODEL.resolve("text_encoder"));
        assertEquals(0, o.code, o.err);
        assertTrue(o.out.contains("  " + Digests.hex("SHA-256", file) + "  model.safetensors\n"), o.out);
        JsonNode all = json(run("verify", MODEL, "--json"));
        assertTrue(all.path("valid").asBoolean() && all.path("parts").get(0).path("against_config").asBoolean());
    }

    @Test
    void verifyNamesEveryFault() throws IOException {
        assertEquals(0, run("verify", vae(Map.of())).code);
        Map<String, Tensor> bad = new HashMap<>();
        bad.put("decoder.conv_in.bias", null);
        bad.put("encoder.conv_in.bias", Tensor.of(Shape.of(1), 1));
        bad.put("decoder.conv_out.bias", Tensor.of(Shape.of(3), 1, Double.NaN, Double.NEGATIVE_INFINITY));
        bad.put("extra\u001b[2J", Tensor.of(Shape.of(1), Double.NaN));
        bad.put("decoder.up_blocks.7.resnets.0.conv1.bias", Tensor.of(Shape.of(1), 1));
        Path folder = vae(bad);
        Outcome o = run("verify", folder);
        assertEquals(4, o.code);
        assertTrue(o.out.startsWith("vae: ") && o.out.contains(" parameters, 4 faults\n"), o.out);
        for (String words : new String[]{"tensor 'decoder.conv_in.bias' [64] is missing",
                "tensor 'encoder.conv_in.bias' has shape [1], the configuration demands [32]",
                "tensor 'decoder.conv_out.bias' holds 2 of 3 values that are NaN or infinite",
                "tensor 'decoder.up_blocks.7.resnets.0.conv1.bias' is unknown to the configuration",
                "  warning: " + folder
                        + ": tensor 'extra\\u001B[2J' is not used, because the network does not have it"}) {
            assertTrue(o.out.contains(words), o.out);
        }
        assertTrue(o.err.startsWith("radedit: " + folder) && o.err.endsWith("(and 3 more)\n"), o.err);
        Outcome j = run("verify", folder, "--json");
        assertEquals(4, j.code);
        assertFalse(json(j).path("valid").asBoolean());
        assertEquals(4, json(j).path("parts").get(0).path("faults").size());
        assertEquals(1, json(j).path("parts").get(0).path("warnings").size());
        assertRefused(4, run("verify", folder, "--quiet"), "and 3 more");
    }

    /** A VAE as published before diffusers 0.15, and as written by training. */
    private Path oldVae() throws IOException {
        Map<String, Tensor> changes = new HashMap<>();
        Fixtures.tensors(MODEL.resolve("vae/diffusion_pytorch_model.safetensors")).forEach((name, t) -> {
            String before = name.replace(".to_q.", ".query.").replace(".to_k.", ".key.").replace(".to_v.", ".value.")
                    .replace(".to_out.0.", ".proj_attn.");
            if (!before.equals(name)) {
                int[] s = t.shape().toArray();
                changes.put(name, null);
                changes.put(before, name.endsWith("weight") ? Tensor.of(Shape.of(s[0], s[1], 1, 1), t.data()) : t);
            }
        });
        for (String extra : new String[]{"loss.logvar", "discriminator.main.0.weight", "model_ema.decay"}) {
            changes.put(extra, Tensor.of(Shape.of(1), 1));
        }
        return vae(changes);
    }

    private static Outcome generate(Path out, Path vae) {
        StringWriter err = new StringWriter();
        int code = Main
                .run(new String[]{"generate", "a", "-o", out.toString(), "--model", MODEL.toString(), "--steps", "1",
                        "--vae", vae.toString()}, new PrintWriter(new StringWriter()), new PrintWriter(err));
        return new Outcome(code, "", err.toString());
    }

    @Test
    void anOldAutoencoderRunsWithWarnings() throws IOException {
        Path folder = oldVae();
        Outcome o = generate(temp.resolve("old.safetensors"), folder);
        assertEquals(0, o.code, o.err);
        for (String words : new String[]{
                "warning: " + folder + ": 16 tensors under older names are read under current names: '"
                        + "decoder.mid_block.attentions.0.key.bias', ",
                "8 tensors stored as 1 x 1 convolutions are read as matrices",
                "3 tensors that the network does not have are not used: 'discriminator.main.0.weight', 'loss.logvar',"
                        + " 'model_ema.decay'"}) {
            assertTrue(o.err.contains(words), o.err);
        }
        assertEquals(0, generate(temp.resolve("today.safetensors"), MODEL.resolve("vae")).code);
        assertArrayEquals(Fixtures.tensors(temp.resolve("today.safetensors")).get("image").data(),
                Fixtures.tensors(temp.resolve("old.safetensors")).get("image").data());

        Outcome v = run("verify", folder);
        assertEquals(0, v.code, v.err);
        assertTrue(v.out.contains("  warning: " + folder + ": tensor 'loss.logvar' is not used"), v.out);
        assertEquals(5, json(run("verify", folder, "--json")).path("parts").get(0).path("warnings").size());

        Path today = temp.resolve("converted");
        assertEquals(0, run("convert", folder, today).code);
        assertEquals(Fixtures.tensors(folder.resolve("diffusion_pytorch_model.safetensors")).size(),
                Fixtures.tensors(today.resolve("diffusion_pytorch_model.safetensors")).size(), "nothing is dropped");
        Outcome c = generate(temp.resolve("c.safetensors"), today);
        assertTrue(
                c.code == 0 && c.err.lines().count() == 1 && c.err.contains("3 tensors that the network does not have"),
                c.err);
    }

    /** A tensor of another network is never ignored. */
    @Test
    void furtherBlocksAndEmbeddingsAreRefused() throws IOException {
        for (String extra : new String[]{"decoder.up_blocks.0.resnets.9.conv1.weight",
                "encoder.mid_block.attentions.1.to_q.weight",
                "quant_conv.scale"}) {
            Path folder = vae(Map.of(extra, Tensor.of(Shape.of(1), 1)));
            assertRefused(4, generate(temp.resolve("x.safetensors"), folder), "does not know: '" + extra);
            assertRefused(4, run("verify", folder, "--quiet"), extra);
        }
        Path unet = Files.createDirectories(temp.resolve("unet"));
        Files.copy(MODEL.resolve("unet/config.json"), unet.resolve("config.json"));
        for (String extra : new String[]{"add_embedding.linear_1.weight", "class_embedding.weight",
                "conv_in.total_ops"}) {
            Map<String, Tensor> all = new HashMap<>(
                    Fixtures.tensors(MODEL.resolve("unet/diffusion_pytorch_model.safetensors")));
            all.put(extra, Tensor.of(Shape.of(1), 1));
            SafetensorsWriter w = new SafetensorsWriter();
            all.forEach((name, t) -> w.add(name, DType.F32, t));
            OutputFile.write(unet.resolve("diffusion_pytorch_model.safetensors"), w::writeTo);
            Outcome o = run("verify", unet);
            assertEquals(extra.endsWith("total_ops") ? 0 : 4, o.code, o.err);
            assertTrue(o.out.contains(extra), o.out);
        }
    }

    @Test
    void verifyLooksAtWideNumbersAsTheyAre() throws IOException {
        Path folder = vae(Map.of());
        SafetensorsWriter w = new SafetensorsWriter();
        Fixtures.tensors(folder.resolve("diffusion_pytorch_model.safetensors"))
                .forEach((name, t) -> w.add(name, DType.F64, t.map(v -> v * 1e300)));
        OutputFile.write(folder.resolve("diffusion_pytorch_model.safetensors"), w::writeTo);
        assertEquals(0, run("verify", folder).code);
    }

    @Test
    void verifySaysWhatIsMissing() throws IOException {
        assertRefused(4, run("verify", temp.resolve("none"), "--quiet"), "no such folder");
        assertRefused(4, run("verify", resource("module.pt"), "--quiet"), "is a file");
        assertRefused(4, run("verify", temp, "--quiet"), "no config.json");
        Path folder = vae(Map.of());
        assertRefused(4, run("verify", temp, "--quiet"), temp.resolve("unet") + ": missing", "(and 1 more)");
        Files.delete(folder.resolve("config.json"));
        assertRefused(4, run("verify", folder, "--quiet"), "config.json: missing");
        Files.writeString(folder.resolve("config.json"), "{");
        assertRefused(4, run("verify", folder, "--quiet"), "not valid JSON");
        Files.writeString(folder.resolve("config.json"), "{\"_class_name\":\"AutoencoderKL\",\"frobnicate\":1}");
        assertRefused(4, run("verify", folder, "--quiet"), "frobnicate");
        Files.delete(folder.resolve("diffusion_pytorch_model.safetensors"));
        Files.copy(resource("module.pt"), folder.resolve("diffusion_pytorch_model.bin"));
        assertRefused(4, run("verify", folder, "--quiet"), "a pickle",
                "radedit weights convert " + folder + " " + folder);
    }

    /** A copy of the tiny model. */
    private Path copy() throws IOException {
        Path model = temp.resolve("model");
        try (Stream<Path> all = Files.walk(MODEL)) {
            for (Path p : all.sorted().toList()) {
                Files.copy(p, model.resolve(MODEL.relativize(p).toString()));
            }
        }
        return model;
    }

    /** Generate's refusal of a model is verify's too. */
    private static void assertRefusedByBoth(Path model, String... words) {
        Path film = model.resolveSibling("x.png");
        StringWriter err = new StringWriter();
        int code = Main.run(new String[]{"generate", "a", "-o", film.toString(), "--model", model.toString(), "--steps",
                "1"}, new PrintWriter(new StringWriter(), true), new PrintWriter(err, true));
        assertEquals(4, code, err.toString());
        Outcome v = run("verify", model, "--quiet");
        assertRefused(4, v, words);
        assertEquals(err.toString(), v.err);
    }

    @Test
    void verifyRefusesTheSettingsThatGenerateRefuses() throws IOException {
        Path model = copy();
        Path vocabulary = model.resolve("tokenizer/vocab.txt");
        byte[] words = Files.readAllBytes(vocabulary);
        Files.delete(vocabulary);
        assertRefusedByBoth(model, "neither vocab.txt nor tokenizer.json found");
        Files.write(vocabulary, new byte[0]);
        assertRefusedByBoth(model, "vocabulary has no [PAD]");
        Files.writeString(vocabulary, LFS);
        assertRefusedByBoth(model, vocabulary + ": is a Git LFS pointer");
        Files.write(vocabulary, words);
        Path scheduler = Files.createDirectories(model.resolve("scheduler")).resolve("scheduler_config.json");
        Files.writeString(scheduler, "{\"_class_name\":\"DEISMultistepScheduler\"}");
        assertRefusedByBoth(model, scheduler + ": _class_name = \"DEISMultistepScheduler\"");
        assertEquals(1, json(run("verify", model, "--json")).path("settings_faults").size());
        Files.delete(scheduler);
        assertRefusedByBoth(model, scheduler + ": missing");
        Files.delete(scheduler.getParent());
        Files.writeString(model.resolve("model_index.json"), "{");
        assertRefusedByBoth(model, "model_index.json: is not valid JSON");
        Files.delete(model.resolve("model_index.json"));
        assertEquals(0, run("verify", model, "--quiet").code);
    }

    @Test
    void aPrefixOfAllNamesIsNamedAndTakenOff() throws IOException {
        Path model = copy();
        Path weights = model.resolve("unet/diffusion_pytorch_model.safetensors");
        for (String prefix : new String[]{"module.", "model.diffusion_model."}) {
            SafetensorsWriter w = new SafetensorsWriter();
            Fixtures.tensors(MODEL.resolve("unet/diffusion_pytorch_model.safetensors"))
                    .forEach((name, t) -> w.add(prefix + name, DType.F32, t));
            OutputFile.write(weights, w::writeTo);
            Outcome v = run("verify", model, "--quiet");
            assertRefused(4, v, "all have the prefix '" + prefix + "', which 'radedit weights convert "
                    + weights.getParent() + " OUT' removes");
            Path out = temp.resolve("out-" + prefix);
            Outcome c = run("convert", weights.getParent(), out);
            assertEquals(0, c.code, c.err);
            assertTrue(c.out.contains("removed the prefix '" + prefix + "' from all names"), c.out);
            assertEquals(Fixtures.tensors(MODEL.resolve("unet/diffusion_pytorch_model.safetensors")).keySet(),
                    Fixtures.tensors(out.resolve("diffusion_pytorch_model.safetensors")).keySet());
        }
    }

    private static final String LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";

    @Test
    void whatADownloadLeftInTheirPlaceIsNamed() throws IOException {
        String pointer = "is a Git LFS pointer, not the file; 'git lfs pull' fetches it";
        for (String name : new String[]{"x.safetensors", "x.bin", "x.pt"}) {
            Path file = temp.resolve(name);
            assertRefused(4, run("inspect", Files.writeString(file, LFS)), file + ": " + pointer);
            assertRefused(4, run("convert", file, temp.resolve("y.safetensors")), file + ": " + pointer);
            assertRefused(4, run("inspect", Files.writeString(file, "<!DOCTYPE html>\n<html>")),
                    file + ": is a web page");
        }
        Path model = copy();
        Path weights = model.resolve("unet/diffusion_pytorch_model.safetensors");
        byte[] sound = Files.readAllBytes(weights);
        Files.writeString(weights, LFS);
        assertRefusedByBoth(model, weights + ": " + pointer);
        Files.delete(weights);
        Path pickle = weights.resolveSibling("diffusion_pytorch_model.bin");
        Files.writeString(pickle, LFS);
        assertRefusedByBoth(model, pickle + ": " + pointer);
        Files.delete(pickle);
        Files.write(weights, sound);
        Path config = model.resolve("vae/config.json");
        Files.writeString(config, "\n<html>404</html>");
        assertRefusedByBoth(model, config + ": is a web page");
        assertRefused(4, run("inspect", Files.write(temp.resolve("x.safetensors"),
                new byte[]{-1, -1, -1, -1, -1, -1, -1, -1, 0})), "header length 18446744073709551615");
    }

    /** It is published without a configuration. */
    @Test
    void anImageEncoderIsKnownByItsFolder() throws IOException {
        Outcome o = run("verify", MODEL.resolve("image_encoder"));
        assertEquals(0, o.code, o.err);
        assertTrue(o.out.contains("as the configuration demands, all finite"), o.out);
        Path folder = Files.createDirectories(temp.resolve("image_encoder"));
        assertEquals(0, run("convert", resource("module.pt"), folder).code);
        assertRefused(4, run("verify", folder, "--quiet"), "encoder.encoder.conv1.weight", "missing");
    }

    @Test
    void convertSaysWhatItDid() throws IOException {
        Path out = temp.resolve("out");
        Outcome o = run("convert", resource("training.ckpt"), out);
        assertEquals(0, o.code, o.err);
        assertTrue(o.out.contains("left out epoch (a number)\n"), o.out);
        assertTrue(o.out.endsWith(out.resolve("model.safetensors") + "\n"), o.out);
        assertEquals("", run("convert", resource("training.ckpt"), out, "--quiet").out);
        JsonNode j = json(run("convert", resource("zip2.pt"), temp.resolve("s.safetensors"), "--shard-size", "1kB",
                "--json"));
        assertEquals(39, j.path("tensors").asInt());
        assertTrue(j.path("outputs").get(0).asText().contains("s-00001-of-0000"), j.toString());
        assertTrue(j.path("outputs").get(j.path("outputs").size() - 1).asText().endsWith("s.safetensors.index.json"));
    }

    @Test
    void aConvertedPartRuns() throws IOException {
        Path out = temp.resolve("text");
        Outcome o = run("convert", MODEL.resolve("text_encoder"), out, "--dtype", "float16", "--shard-size", "0.1MiB");
        assertEquals(0, o.code, o.err);
        assertEquals(0, run("verify", out).code);
        StringWriter err = new StringWriter();
        int code = Main.run(
                new String[]{"generate", "a", "-o", temp.resolve("x.png").toString(), "--model", MODEL.toString(),
                        "--steps", "1", "--text-encoder", out.toString()},
                new PrintWriter(new StringWriter()), new PrintWriter(err));
        assertEquals(0, code, err.toString());
    }

    @ParameterizedTest
    @CsvSource({"--shard-size,3", "--shard-size,0GB", "--shard-size,-1GB", "--shard-size,1XB", "--dtype,int8",
            "--rename,some"})
    void wrongOptionsAreUsageErrors(String option, String value) {
        assertRefused(2, run("convert", resource("module.pt"), temp.resolve("x"), option, value), option);
        assertFalse(Files.exists(temp.resolve("x")));
    }

    @Test
    void convertRefusesWithItsCode() {
        Path out = temp.resolve("x.safetensors");
        assertRefused(4, run("convert", resource("system.stream4.pt"), out), "system.stream4.pt",
                "asks for posix.system", "nothing of it was executed");
        assertRefused(4, run("convert", resource("two.pt"), out), "--key", "'model', 'ema'");
        assertRefused(4, run("convert", resource("two.pt"), out, "--key", "x"), "under the key 'x'");
        assertRefused(4, run("convert", temp.resolve("none.bin"), out), "no such file or folder");
        assertRefused(2, run("convert", resource("module.pt"), temp.resolve("x.bin")), "must end in .safetensors");
        assertRefused(2, run("convert", resource("module.pt")), "Missing required parameter");
        assertRefused(2, run("convert", resource("module.pt"), temp.resolve("no/x.safetensors")),
                "not an existing folder");
        assertFalse(Files.exists(out));
    }

    @Test
    void helpIsThere() {
        for (String command : new String[]{"inspect", "verify", "convert"}) {
            Outcome o = run(command, "--help");
            assertTrue(o.code == 0 && o.out.startsWith("Usage: radedit weights " + command), o.out);
        }
    }
}
