package radedit.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.Workers;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

class LocalAuditTest {
    /** A group norm that adds too much to its variance. */
    private static Node spoil(Node n) {
        return n.op() instanceof Op.GroupNorm g
                ? new Node(n.name(), new Op.GroupNorm(g.groups(), 0.01, g.activation()), n.inputs(), n.weights(),
                        n.output(), n.covers())
                : n;
    }

    private static List<LocalAudit.Row> audit(AuditedNetwork part, String inputs, String fault) throws IOException {
        Map<String, Tensor> given = Fixtures.withPrefix(
                Fixtures.tensors(TestData.reference("tiny/" + inputs + ".safetensors")), "in.");
        List<LocalAudit.Row> rows = new ArrayList<>();
        try (Backend tested = new FaultyBackend(Backends.open("cpu", 2), Set.of(), UnaryOperator.identity())
                .operation(fault, LocalAuditTest::spoil);
                Backend exact = Backends.open("reference", 2);
                Workers workers = new Workers(2)) {
            part.run(ModelFolder.of(Fixtures.model(Size.TINY)), given,
                    new LocalAudit(tested, exact, workers, false, rows::add));
        }
        rows.sort(Comparator.comparingDouble(LocalAudit.Row::error).reversed());
        return rows;
    }

    /** Errors are passed on by everything behind, but only the operation that makes them is named. */
    @Test
    void namesTheOperationAtFaultAndNoOther() throws IOException {
        List<LocalAudit.Row> rows = audit(AuditedNetwork.UNET, "unet_1x16x24", "mid_block.resnets.0.norm1");
        assertEquals("mid_block.resnets.0.nonlinearity@1", rows.getFirst().name());
        assertTrue(rows.getFirst().error() > 1e-3, rows.getFirst().toString());
        assertTrue(rows.get(1).error() < 1e-6, rows.get(1).toString());
    }

    @Test
    void soundNetworksHaveNoFault() throws IOException {
        for (Map.Entry<AuditedNetwork, String> e : Map
                .of(AuditedNetwork.UNET, "unet_1x16x24", AuditedNetwork.VAE_DECODER,
                        "vae_decoder_12x20", AuditedNetwork.VAE_ENCODER, "vae_encoder_12x20",
                        AuditedNetwork.TEXT_ENCODER, "text_encoder")
                .entrySet()) {
            LocalAudit.Row worst = audit(e.getKey(), e.getValue(), "").getFirst();
            System.out.printf("%s: the worst operation is %s, %s, error %.2e%n", e.getKey().label(), worst.name(),
                    worst.operation(), worst.error());
            assertTrue(worst.error() < 1e-6, worst.toString());
        }
    }
}
