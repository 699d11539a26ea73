package radedit.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import radedit.files.OutputFile;
import radedit.files.OutputFolder;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * A temporary file for pictures [1, 3, h, w] of one size that wait for the rest of their batch, which may not fit into
 * memory.
 */
final class Spool implements Closeable {
    private final Path file;
    private final DataOutputStream out;
    private final Shape each;
    private int count;

    private Spool(Path file, Shape each) throws IOException {
        this.file = file;
        this.each = each;
        this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    /**
     * A spool in the folder of the output file; it is deleted when the program ends.
     *
     * @param each
     *            the shape of all pictures that are added
     */
    static Spool beside(Path target, Shape each) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        Path file = OutputFile.isDevice(target)
                ? Files.createTempFile("radedit", ".part")
                : Files.createTempFile(folder, ".radedit", ".part");
        OutputFolder.removeOnExit(file);
        return new Spool(file, each);
    }

    void add(Tensor picture) throws IOException {
        for (double v : picture.data()) {
            out.writeFloat((float) v);
        }
        count++;
    }

    /** The shape of all pictures together. */
    Shape shape() {
        return each.with(0, count);
    }

    /** Passes on all values, in order. */
    void copyTo(SafetensorsWriter.Sink sink) throws IOException {
        out.flush();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            for (long i = shape().elements(); i > 0; i--) {
                sink.put(in.readFloat());
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(file);
    }
}
