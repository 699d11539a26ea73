package radedit.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

/** Looking up backends, in a JVM without TornadoVM's runtime, whether or not the GPU backend is part of the build. */
class BackendsTest {
    @Test
    void everyNameIsThereOnce() {
        List<String> names = Backends.providers().stream().map(BackendProvider::name).toList();
        assertEquals(List.of("cpu", "reference", "tornado"), names);
    }

    @Test
    void aProviderSaysWhatItLacks() {
        BackendProvider gpu = Backends.providers().getLast();
        String said = assertThrows(BackendException.class, gpu::devices).getMessage();
        assertFalse(said.isBlank() || said.contains("\n"), said);
        assertEquals(said, assertThrows(BackendException.class, () -> Backends.open(gpu.name(), 1)).getMessage());
        assertEquals(said,
                assertThrows(BackendException.class, () -> gpu.prepare(BackendOptions.threads(1))).getMessage());
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() {
        String said = assertThrows(BackendException.class, () -> Backends.open("gpu", 1)).getMessage();
        assertTrue(said.contains("'gpu'") && said.contains("cpu, reference, tornado"), said);
    }

    /** The others are those of a build with further backends. */
    @Test
    void everyBackendRoundsOperandsAndOthersAreRefused() {
        assertEquals(List.of("cpu", "reference", "tornado"), Backends.withEmulatedPrecision());
        assertEquals("backend other has no emulate precision; use backend cpu or reference or tornado",
                EmulatedPrecision.refusal("other").toString());
    }

    @Test
    void autoNeverTakesTheGpu() {
        try (Backend b = Backends.open(Backends.AUTO, 1)) {
            assertEquals("cpu", b.name());
        }
    }
}
