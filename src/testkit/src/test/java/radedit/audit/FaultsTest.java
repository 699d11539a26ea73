package radedit.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.Workers;
import radedit.graph.Activation;
import radedit.graph.Epilogue;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Padding;
import radedit.graph.Probe;
import radedit.graph.Value;
import radedit.graph.Weight;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.weights.WeightStore;

/** Operations that compute something else than they should exceed their bounds, and no other operation does. */
class FaultsTest {
    @TempDir
    static Path temp;

    private static Node with(Node n, Op op, List<Value> inputs, List<Weight> weights) {
        return new Node(n.name(), op, inputs, weights, n.output(), n.covers());
    }

    private static Node with(Node n, Op op) {
        return with(n, op, n.inputs(), n.weights());
    }

    static Node withoutBias(Node n) {
        Op op = switch (n.op()) {
            case Op.Conv2d c -> new Op.Conv2d(c.outChannels(), c.kernel(), c.stride(), c.padding(), false,
                    c.upsample(), c.norm(), c.epilogue());
            case Op.Linear l -> new Op.Linear(l.outFeatures(), false, l.epilogue());
            default -> throw new IllegalArgumentException(n.toString());
        };
        return with(n, op, n.inputs(), n.weights().subList(0, 1));
    }

    private static Node padded(Node n, Padding padding) {
        Op.Conv2d c = (Op.Conv2d) n.op();
        return with(n, new Op.Conv2d(c.outChannels(), c.kernel(), c.stride(), padding, c.bias(), c.upsample(),
                c.norm(), Epilogue.NONE));
    }

    static Node exchanged(Node n, int... order) {
        List<Value> inputs = new ArrayList<>();
        for (int i : order) {
            inputs.add(n.inputs().get(i));
        }
        return with(n, n.op(), inputs, n.weights());
    }

    /** As if stored with fewer bits of fraction. */
    private static Tensor rounded(Tensor t, int bits) {
        return t.map(v -> {
            double unit = Math.ulp(v) * Math.pow(2, 52 - bits);
            return Math.rint(v / unit) * unit;
        });
    }

    static Tensor changed(Tensor t, int from, int step, double factor) {
        double[] data = t.data().clone();
        for (int i = from; i < data.length; i += step) {
            data[i] = (float) (data[i] * factor);
        }
        return Tensor.of(t.shape(), data);
    }

    /** 2^x by the parabola through 2^0, 2^0.5 and 2^1, relative error up to 1.7e-3, as a GPU's fast maths might. */
    private static double fastExp(double x) {
        double y = Math.max(x, -80) * 1.4426950408889634;
        double whole = Math.floor(y);
        double f = y - whole;
        return (1 + f * (0.6568542 + 0.3431458 * f)) * Math.pow(2, whole);
    }

    static Tensor fastSilu(Tensor x) {
        return x.map(v -> (float) (v / (1 + fastExp(-v))));
    }

    /** Attention [1, l, c] of one sample with {@link #fastExp}. */
    private static Tensor fastAttention(Tensor q, Tensor k, Tensor v, int heads) {
        int channels = q.shape().dim(2);
        int each = channels / heads;
        int keys = k.shape().dim(1);
        Tensor y = Tensor.zeros(q.shape());
        for (int i = 0; i < q.shape().dim(1) * heads; i++) {
            int at = i / heads * channels + i % heads * each;
            double[] p = new double[keys];
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < keys; j++) {
                for (int c = 0; c < each; c++) {
                    p[j] += q.data()[at + c] * k.data()[j * channels + i % heads * each + c] / Math.sqrt(each);
                }
                max = Math.max(max, p[j]);
            }
            double sum = 0;
            for (int j = 0; j < keys; j++) {
                p[j] = fastExp(p[j] - max);
                sum += p[j];
            }
            for (int c = 0; c < each; c++) {
                for (int j = 0; j < keys; j++) {
                    y.data()[at + c] += p[j] / sum * v.data()[j * channels + i % heads * each + c];
                }
                y.data()[at + c] = (float) y.data()[at + c];
            }
        }
        return y;
    }

    /** The same weights, but some transposed, and some with another one's values. */
    static WeightStore changed(Path temp, WeightStore sound, Set<String> transposed, Map<String, String> confused) {
        try {
            Path folder = Files.createTempDirectory(temp, "weights");
            SafetensorsWriter w = new SafetensorsWriter();
            for (String name : sound.names()) {
                Tensor t = sound.get(confused.getOrDefault(name, name)).toTensor();
                if (transposed.contains(name)) {
                    int n = t.shape().dim(0);
                    Tensor turned = Tensor.zeros(t.shape());
                    for (int i = 0; i < n * n; i++) {
                        turned.data()[i] = t.data()[i % n * n + i / n];
                    }
                    t = turned;
                }
                w.add(name, DType.F32, t);
            }
            try (var out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
                w.writeTo(out);
            }
            return WeightStore.open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All rows of an audit, by name. */
    private static Map<String, LocalAudit.Row> audit(AuditedNetwork part, String inputs, FaultyBackend faulty,
            boolean cumulative) {
        Map<String, Tensor> given = Fixtures.withPrefix(
                Fixtures.tensors(TestData.reference("tiny/" + inputs + ".safetensors")), "in.");
        Map<String, LocalAudit.Row> rows = new LinkedHashMap<>();
        try (faulty; Backend exact = Backends.open("reference", 2); Workers workers = new Workers(2)) {
            part.run(ModelFolder.of(Fixtures.model(Size.TINY)), given,
                    new LocalAudit(faulty, exact, workers, cumulative, r -> rows.put(r.name(), r)));
        }
        return rows;
    }

    private static void onlyTheseExceedTheirBounds(Set<String> expected, Map<String, LocalAudit.Row> rows) {
        rows.values().stream().filter(LocalAudit.Row::isBeyond).forEach(r -> System.out
                .printf("fault: %s %s uses %.1e of its bound%n", r.operation(), r.name(), r.share()));
        assertEquals(new TreeSet<>(expected), rows.values().stream().filter(LocalAudit.Row::isBeyond)
                .map(LocalAudit.Row::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void faultsOfTheUNetAreFoundWhereTheyAre() {
        String down0 = "down_blocks.0.attentions.0.transformer_blocks.0.";
        String down1 = "down_blocks.1.attentions.0.transformer_blocks.0.";
        String up2 = "up_blocks.2.attentions.1.transformer_blocks.0.";
        Set<String> needed = Set.of("down_blocks.2.resnets.1.norm1", up2 + "attn2.to_q", up2 + "attn2.to_k",
                up2 + "attn2.to_v");
        int heads = heads(up2 + "attn2.attention");
        FaultyBackend faulty = new FaultyBackend(Backends.open("cpu", 2), needed,
                w -> changed(temp, w, Set.of(down1 + "attn1.to_q.weight"),
                        Map.of(down1 + "attn1.to_k.weight", down1 + "attn1.to_v.weight")))
                .operation("conv_in", FaultsTest::withoutBias)
                .operation(down0 + "attn1.to_out.0", FaultsTest::withoutBias)
                .operation("down_blocks.0.resnets.1.norm1",
                        n -> with(n, new Op.GroupNorm(((Op.GroupNorm) n.op()).groups() / 2, 1e-5, Activation.NONE)))
                .operation(down0 + "norm2", n -> with(n, new Op.LayerNorm(1e-3)))
                .operation("up_blocks.0.resnets.1.skip", n -> exchanged(n, 1, 0))
                .operation(down1 + "attn2.attention", n -> exchanged(n, 0, 2, 1))
                .operation("down_blocks.1.resnets.1.nonlinearity@2", n -> with(n, new Op.Activate(Activation.GELU)))
                .operation("time_proj", n -> {
                    Op.TimestepEmbedding t = (Op.TimestepEmbedding) n.op();
                    return with(n, new Op.TimestepEmbedding(t.dim(), !t.flipSinToCos(), t.shift()));
                })
                .operation("down_blocks.1.downsamplers.0.conv", n -> padded(n, new Padding(0, 0, 2, 2)))
                .operation(up2 + "add_attn1", n -> exchanged(n, 0, 0))
                .result("down_blocks.2.resnets.1.nonlinearity@1",
                        (t, seen) -> fastSilu(seen.get("down_blocks.2.resnets.1.norm1")))
                .result(up2 + "attn2.attention", (t, seen) -> fastAttention(seen.get(up2 + "attn2.to_q"),
                        seen.get(up2 + "attn2.to_k"), seen.get(up2 + "attn2.to_v"), heads))
                .result("mid_block.resnets.0.add_time", (t, seen) -> t) // no fault
                .result("mid_block.attentions.0.proj_in", (t, seen) -> rounded(t, 8))
                .result("up_blocks.1.resnets.0.nonlinearity@1", (t, seen) -> rounded(t, 11))
                .result("up_blocks.3.attentions.0.norm", (t, seen) -> changed(t, 3, 8, 1.001))
                .result("up_blocks.3.resnets.1.conv2", (t, seen) -> changed(t, 77, 1 << 30, 1.01))
                .result("conv_out", (t, seen) -> changed(t, 17, 1 << 30, -1));
        onlyTheseExceedTheirBounds(Set.of("conv_in", down0 + "attn1.to_out.0", "down_blocks.0.resnets.1.nonlinearity@1",
                down0 + "norm2", "up_blocks.0.resnets.1.skip", down1 + "attn2.attention",
                "down_blocks.1.resnets.1.nonlinearity@2", "time_proj", "down_blocks.1.downsamplers.0.conv",
                up2 + "add_attn1", "down_blocks.2.resnets.1.nonlinearity@1", up2 + "attn2.attention",
                "mid_block.attentions.0.proj_in", "up_blocks.1.resnets.0.nonlinearity@1",
                "up_blocks.3.attentions.0.norm", "up_blocks.3.resnets.1.conv2", "conv_out",
                down1 + "attn1.to_q", down1 + "attn1.to_k"),
                audit(AuditedNetwork.UNET, "unet_1x16x24", faulty, false));
    }

    private static int heads(String name) {
        Map<String, Integer> heads = new HashMap<>();
        try (FaultyBackend b = new FaultyBackend(Backends.open("cpu", 1), Set.of(), UnaryOperator.identity())) {
            b.operation(name, n -> {
                heads.put(name, ((Op.Attention) n.op()).heads());
                return n;
            });
            AuditedNetwork.UNET.run(ModelFolder.of(Fixtures.model(Size.TINY)), b,
                    Fixtures.withPrefix(Fixtures.tensors(TestData.reference("tiny/unet_1x16x24.safetensors")), "in."),
                    Probe.NONE);
        }
        return heads.get(name);
    }

    @Test
    void faultsOfTheTextEncoderAreFoundWhereTheyAre() {
        String layer = "bert.encoder.layer.0.";
        FaultyBackend faulty = new FaultyBackend(Backends.open("cpu", 2), Set.of(), UnaryOperator.identity())
                .operation("bert.embeddings.position_embeddings", n -> {
                    Op.TableRows t = (Op.TableRows) n.op();
                    return with(n, new Op.TableRows(t.first() + 1, t.step(), t.count(), t.channels()));
                }).operation(layer + "attention.self.attention", n -> {
                    Op.Attention a = (Op.Attention) n.op();
                    return with(n, new Op.Attention(a.heads(), a.scale() * 1.001, a.masked()), n.inputs(),
                            n.weights());
                })
                .operation(layer + "intermediate.intermediate_act_fn",
                        n -> with(n, new Op.Activate(Activation.SILU)))
                .result(layer + "output.dense", (t, seen) -> rounded(t, 8))
                .result("bert.encoder.layer.1.attention.self.key", (t, seen) -> changed(t, 5, t.shape().dim(-1), 1.01));
        onlyTheseExceedTheirBounds(
                Set.of("bert.embeddings.position_embeddings", layer + "attention.self.attention",
                        layer + "intermediate.intermediate_act_fn", layer + "output.dense",
                        "bert.encoder.layer.1.attention.self.key"),
                audit(AuditedNetwork.TEXT_ENCODER, "text_encoder", faulty, false));
    }

    /** A result that is not a number, or not finite, is beyond any bound. */
    @Test
    void whatIsNotFiniteIsBeyondItsBound() {
        FaultyBackend faulty = new FaultyBackend(Backends.open("cpu", 2), Set.of(), UnaryOperator.identity())
                .result("conv_out", (t, seen) -> changed(t, 4, 1 << 30, Double.NaN));
        onlyTheseExceedTheirBounds(Set.of("conv_out"),
                audit(AuditedNetwork.UNET, "unet_1x16x24", faulty, false));
        FaultyBackend infinite = new FaultyBackend(Backends.open("cpu", 2), Set.of(), UnaryOperator.identity())
                .result("decoder.conv_out", (t, seen) -> changed(t, 4, 1 << 30, Double.POSITIVE_INFINITY));
        onlyTheseExceedTheirBounds(Set.of("decoder.conv_out"),
                audit(AuditedNetwork.VAE_DECODER, "vae_decoder_12x20", infinite, false));
    }

    /** The error of the whole is small before a fault and large after it, where the operations themselves are sound. */
    @Test
    void cumulativeErrorsShowHowFarAFaultGoes() {
        String where = "decoder.mid_block.resnets.0.conv2";
        Map<String, LocalAudit.Row> sound = audit(AuditedNetwork.VAE_DECODER, "vae_decoder_12x20",
                new FaultyBackend(Backends.open("cpu", 2), Set.of(), UnaryOperator.identity()), true);
        Map<String, LocalAudit.Row> rows = audit(AuditedNetwork.VAE_DECODER, "vae_decoder_12x20",
                new FaultyBackend(Backends.open("cpu", 2), Set.of(), UnaryOperator.identity()).operation(where,
                        FaultsTest::withoutBias),
                true);
        String fused = "decoder.mid_block.resnets.0.add_shortcut";
        onlyTheseExceedTheirBounds(Set.of(fused), rows);
        boolean behind = false;
        for (LocalAudit.Row r : rows.values()) {
            behind |= r.name().equals(fused);
            assertTrue(behind ? r.cumulative() > 1e-4 : r.cumulative() < 1e-6, r.toString());
            assertTrue(sound.get(r.name()).cumulative() < 5e-6, r.toString());
            assertTrue(behind || r.error() == 0 || r.cumulative() > 0, r.toString());
        }
        assertTrue(behind);
        // What the whole network's results show is the last operation's cumulative error.
        Map<String, Tensor> tensors = Fixtures.tensors(TestData.reference("tiny/vae_decoder_12x20.safetensors"));
        double whole;
        try (Backend cpu = Backends.open("cpu", 2)) {
            whole = TensorErrors.relative(
                    AuditedNetwork.VAE_DECODER.run(ModelFolder.of(Fixtures.model(Size.TINY)), cpu,
                            Fixtures.withPrefix(tensors, "in."), Probe.NONE).get("image"),
                    tensors.get("exact.image"));
        }
        assertEquals(whole, sound.get("decoder.conv_out").cumulative(), 1e-3 * whole);
    }
}
