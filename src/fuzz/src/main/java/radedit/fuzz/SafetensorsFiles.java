package radedit.fuzz;

import java.io.IOException;

import radedit.safetensors.FormatException;
import radedit.safetensors.Safetensors;

/** Headers of safetensors files, and the tensors that they promise. */
public final class SafetensorsFiles {
    private SafetensorsFiles() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        try (Safetensors s = Safetensors.open(Scratch.holding(data))) {
            for (String name : s.tensors().keySet()) {
                s.read(name);
            }
        } catch (FormatException e) {
            Scratch.check(e);
        }
    }
}
