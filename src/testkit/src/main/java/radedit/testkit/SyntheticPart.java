package radedit.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import radedit.files.OutputFile;
import radedit.safetensors.SafetensorsWriter;
import radedit.synthetic.SyntheticValues;
import radedit.tensor.DType;
import radedit.tensor.Shape;

/** Writes synthetic weights for a network of any configuration. */
public final class SyntheticPart {
    private SyntheticPart() {
    }

    /**
     * Writes float32 tensors into one file.
     *
     * @param file
     *            safetensors
     * @param tensors
     *            shapes by name
     * @param seed
     *            the same seed gives the same values
     * @throws IOException
     *            if the file cannot be written
     */
    public static void write(Path file, Map<String, Shape> tensors, long seed) throws IOException {
        SafetensorsWriter w = new SafetensorsWriter();
        tensors.forEach((name, shape) -> w.add(name, DType.F32, shape, sink -> {
            SyntheticValues values = new SyntheticValues(name, shape, seed);
            for (long i = 0; i < shape.elements(); i++) {
                sink.put(values.get(i));
            }
        }));
        OutputFile.write(file, w::writeTo);
    }
}
