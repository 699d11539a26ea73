package radedit.tools.pickle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import radedit.tensor.Tensor;

/** Writes files like torch.save, for a dictionary of float tensors that share one storage. */
public final class TorchFiles {
    private TorchFiles() {
    }

    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        int elements = tensors.values().stream().mapToInt(t -> t.data().length).sum();
        ByteBuffer storage = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
        PickleBuilder p = new PickleBuilder().op(Opcodes.EMPTY_DICT);
        for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
            long[] sizes = Arrays.stream(e.getValue().shape().toArray()).asLongStream().toArray();
            long[] strides = new long[sizes.length];
            long step = 1;
            for (int i = sizes.length - 1; i >= 0; i--) {
                strides[i] = step;
                step *= sizes[i];
            }
            p.text(e.getKey()).tensor(elements, storage.position() / 4, sizes, strides).op(Opcodes.SETITEM);
            for (double v : e.getValue().data()) {
                storage.putFloat((float) v);
            }
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", p.stop());
        entries.put("archive/data/0", storage.array());
        Files.write(file, PickleBuilder.zip(entries));
    }
}
