package radedit.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import radedit.audit.AuditedNetwork;
import radedit.audit.LocalAudit;
import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.Workers;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.testkit.SyntheticInputs;

/** No operation of a sound network exceeds its bound, in any of the networks and shapes of the reference cases. */
class SoundNetworksTest {
    static List<ModelCasesTest.Case> cases() {
        // One shape of each network suffices; the others are in the accuracy rule's own test.
        return ModelCasesTest.cases().stream().filter(c -> !c.name().matches(".*(1x16x24|3x12x20|_12x20).*")).toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void exceedNoBound(ModelCasesTest.Case c) {
        try (Backend cpu = Backends.open("cpu", 2)) {
            check(c.size() + " " + c.name(), c.part(), c.size(), Fixtures.withPrefix(c.tensors(), "in."), cpu);
        }
    }

    /** One film; a pair takes twice as long, and its further operations are those of the other networks. */
    @Test
    void imageEncoderExceedsNoBound() {
        try (Backend cpu = Backends.open("cpu", 2)) {
            imageEncoder(cpu, "image");
        }
    }

    /** Films by the names of the inputs. */
    static void imageEncoder(Backend tested, String... names) {
        Map<String, Tensor> in = new HashMap<>();
        for (String name : names) {
            in.put(name, SyntheticInputs.of(name, Shape.of(1, 3, 448, 448), 1).map(v -> (float) v * 0.28f + 0.5f));
        }
        check("image encoder, " + in.size() + " films", AuditedNetwork.IMAGE_ENCODER, Size.TINY, in, tested);
    }

    /** Audits a network and reports how much of the bounds each kind of operation uses. */
    static void check(String what, AuditedNetwork part, Size size, Map<String, Tensor> in, Backend tested) {
        List<LocalAudit.Row> rows = new ArrayList<>();
        try (Backend exact = Backends.open("reference", 2); Workers workers = new Workers(2)) {
            part.run(ModelFolder.of(Fixtures.model(size)), in,
                    new LocalAudit(tested, exact, workers, false, rows::add));
        }
        LocalAudit.Row worst = rows.stream().max(Comparator.comparingDouble(LocalAudit.Row::share)).orElseThrow();
        Map<String, Long> loose = new TreeMap<>();
        rows.stream().filter(LocalAudit.Row::isLoose).forEach(r -> loose.merge(r.operation(), 1L, Long::sum));
        System.out.printf("%s on %s: %d operations, most of its bound uses %s (%s): %.0f %%, loose %s%n", what,
                tested.name(), rows.size(), worst.name(), worst.operation(), 100 * worst.share(), loose);
        assertFalse(worst.isBeyond(), worst::toString);
        assertEquals(0, rows.stream().filter(LocalAudit.Row::isBeyond).count());
    }
}
