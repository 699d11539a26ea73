package radedit.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import radedit.Fixtures;
import radedit.audit.Compare;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Probe;
import radedit.tensor.Tensor;
import radedit.weights.ModelFolder;

/** Whole networks on the GPU against PyTorch, by the same rule as on the processor. */
class TornadoModelCasesTest {
    private static Backend tornado;

    static List<ModelCasesTest.Case> cases() {
        return ModelCasesTest.cases();
    }

    @BeforeAll
    static void open() {
        tornado = Backends.open("tornado", 1);
    }

    @AfterAll
    static void close() {
        tornado.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAboutAsCloseAsPyTorch(ModelCasesTest.Case c) {
        Map<String, Tensor> t = c.tensors();
        Map<String, Tensor> in = Fixtures.withPrefix(t, "in.");
        Map<String, Tensor> ours = run(c, in);
        for (Compare.Row r : Compare.tensors(ours, Fixtures.withPrefix(t, "torch."), Fixtures.withPrefix(t, "exact."))) {
            System.out.printf("tornado %s %s %s: error %.2e, PyTorch %.2e%n", c.size(), c.name(), r.name(), r.error(),
                    r.reference());
            assertTrue(r.ratio() <= 3, r::toString);
        }
        if (c.name().equals("unet_3x12x20")) {
            run(c, in).forEach((name, again) -> assertArrayEquals(ours.get(name).data(), again.data(), "as before"));
        }
    }

    private static Map<String, Tensor> run(ModelCasesTest.Case c, Map<String, Tensor> in) {
        return c.part().run(ModelFolder.of(Fixtures.model(c.size())), tornado, in, Probe.NONE);
    }

    @Test
    void imageEncoder() {
        ModelCasesTest.imageEncoder("tornado", true);
    }
}
