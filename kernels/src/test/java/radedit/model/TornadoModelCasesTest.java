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

import radedit.audit.TensorErrors;
import radedit.audit.AuditedNetwork;
import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.graph.Probe;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;

/** Whole networks on the GPU compared with PyTorch, by the same accuracy rule as on the CPU. */
class TornadoModelCasesTest {
    private static Backend tornado;
    /** A backend that uses Winograd wherever it can. */
    private static Backend winograd;

    static List<ModelCasesTest.Case> cases() {
        return ModelCasesTest.cases();
    }

    @BeforeAll
    static void open() {
        tornado = Backends.open("tornado", 1);
        System.setProperty("radedit.tornado.winograd", "on");
        winograd = Backends.open("tornado", 1);
        System.clearProperty("radedit.tornado.winograd");
    }

    @AfterAll
    static void close() {
        tornado.close();
        winograd.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAboutAsCloseAsPyTorch(ModelCasesTest.Case c) {
        judge(c, tornado, "tornado");
        if (c.part() != AuditedNetwork.TEXT_ENCODER) {
            judge(c, winograd, "tornado with Winograd");
        }
    }

    private static void judge(ModelCasesTest.Case c, Backend backend, String name) {
        Map<String, Tensor> t = c.tensors();
        Map<String, Tensor> in = Fixtures.withPrefix(t, "in.");
        Map<String, Tensor> ours = run(c, backend, in);
        for (TensorErrors.Row r : TensorErrors.compareAll(ours, Fixtures.withPrefix(t, "torch."),
                Fixtures.withPrefix(t, "exact."))) {
            System.out.printf("%s %s %s %s: error %.2e, PyTorch %.2e%n", name, c.size(), c.name(), r.name(), r.error(),
                    r.referenceError());
            assertTrue(r.ratio() <= 3, r::toString);
        }
        if (c.name().equals("unet_3x12x20")) {
            run(c, backend, in)
                    .forEach((output, again) -> assertArrayEquals(ours.get(output).data(), again.data(), "as before"));
        }
    }

    private static Map<String, Tensor> run(ModelCasesTest.Case c, Backend backend, Map<String, Tensor> in) {
        return c.part().run(ModelFolder.of(Fixtures.model(c.size())), backend, in, Probe.NONE);
    }

    @Test
    void imageEncoder() {
        ModelCasesTest.imageEncoder("tornado", true);
    }
}
