package radedit.model;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import radedit.audit.AuditedNetwork;
import radedit.audit.ErrorBoundsTest;
import radedit.audit.LocalAudit;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.Workers;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;
import radedit.testkit.OpCase;

/** No operation exceeds its bound on the GPU, with Winograd's algorithm wherever it can be used and without it. */
class TornadoSoundNetworksTest {
    private static Backend direct;
    private static Backend winograd;

    @TempDir
    static Path temp;

    static List<ModelCasesTest.Case> cases() {
        return ModelCasesTest.cases().stream().filter(c -> c.size() == Size.TINY || c.part() == AuditedNetwork.UNET
                && c.name().endsWith("12x20")).toList();
    }

    static List<OpCase> operations() {
        return OpCase.all();
    }

    @BeforeAll
    static void open() {
        System.setProperty("radedit.tornado.winograd", "off");
        direct = Backends.open("tornado", 1);
        System.setProperty("radedit.tornado.winograd", "on");
        winograd = Backends.open("tornado", 1);
        System.clearProperty("radedit.tornado.winograd");
    }

    @AfterAll
    static void close() {
        direct.close();
        winograd.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void exceedNoBound(ModelCasesTest.Case c) {
        for (Backend b : List.of(direct, winograd)) {
            SoundNetworksTest.check(c.size() + " " + c.name() + (b.equals(winograd) ? " with Winograd" : ""), c.part(),
                    c.size(), Fixtures.withPrefix(c.tensors(), "in."), b);
        }
    }

    @Test
    void imageEncoderExceedsNoBound() {
        SoundNetworksTest.imageEncoder(winograd, "image");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void boundsHold(OpCase c) throws IOException {
        try (Backend exact = Backends.open("reference", 2); Workers workers = new Workers(2)) {
            for (Backend b : List.of(direct, winograd)) {
                for (ErrorBoundsTest.Inputs inputs : ErrorBoundsTest.Inputs.values()) {
                    for (LocalAudit.Row r : ErrorBoundsTest.audit(c, inputs, b, exact, workers, temp)) {
                        assertFalse(r.isBeyond(), () -> c + ", " + inputs + ": " + r);
                    }
                }
            }
        }
    }
}
