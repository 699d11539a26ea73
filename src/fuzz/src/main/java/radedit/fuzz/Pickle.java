package radedit.fuzz;

import java.io.IOException;

import radedit.safetensors.FormatException;
import radedit.tools.pickle.StoredTensor;
import radedit.tools.pickle.TorchFile;

/** Files of torch.save: pickles, archives of them, and the tensors beside them. */
public final class Pickle {
    private Pickle() {
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        try (TorchFile torch = TorchFile.open(Scratch.holding(data), null)) {
            byte[] block = new byte[4096];
            for (StoredTensor t : torch.tensors().values()) {
                t.read(0, (int) Math.min(t.shape().elements(), block.length / t.dtype().bytes()), block);
            }
            torch.checkContents();
        } catch (FormatException e) {
            Scratch.check(e);
        }
    }
}
