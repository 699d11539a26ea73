package radedit.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder.Part;
import radedit.files.Messages;
import radedit.safetensors.Json;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.weights.WeightsException;

/** Lists the contents of a checkpoint, without checking them. */
public final class Inspect {
    /**
     * One tensor.
     *
     * @param name
     *            its name
     * @param dtype
     *            element type
     * @param shape
     *            its shape
     * @param bytes
     *            size of all elements
     * @param file
     *            the file that contains it
     */
    public record Row(String name, DType dtype, Shape shape, long bytes, Path file) {}

    /**
     * The contents of one file or part.
     *
     * @param part
     *            its name in the published layout; null for a single file or folder
     * @param path
     *            the file or folder
     * @param config
     *            its config.json; null if it has none
     * @param format
     *            the format of its files, in words
     * @param files
     *            its files
     * @param tensors
     *            its tensors, in file order
     * @param parameters
     *            number of floating-point values
     * @param leftOut
     *            descriptions of what the files contain besides tensors
     */
    public record Contents(@Nullable String part, Path path, @Nullable JsonNode config, String format,
            List<WeightFile> files, List<Row> tensors, long parameters, List<String> leftOut) {
        /** {@return bytes of all tensors} */
        public long bytes() {
            return tensors.stream().mapToLong(Row::bytes).sum();
        }
    }

    private Inspect() {
    }

    /**
     * Lists a file of weights, a part's folder or a whole model folder.
     *
     * @param path
     *            the file or folder
     * @param key
     *            key of the state dict in a training checkpoint with several; otherwise null
     * @return one element per part, or a single one
     * @throws WeightsException
     *            if there is nothing to list, or a file is damaged or unsafe
     */
    public static List<Contents> list(Path path, @Nullable String key) {
        try {
            List<Contents> all = new ArrayList<>();
            for (Part part : PartCheck.partsIn(path)) {
                all.add(contents(part.folder(), path.resolve(part.folder()), key));
            }
            if (all.isEmpty()) {
                all.add(contents(null, path, key));
            }
            return all;
        } catch (IOException e) {
            throw new WeightsException(Messages.of(e), e);
        }
    }

    private static Contents contents(@Nullable String part, Path path, @Nullable String key) throws IOException {
        try (Checkpoint c = Checkpoint.open(path, key)) {
            Path config = path.resolve("config.json");
            List<Row> rows = new ArrayList<>();
            c.tensors().forEach((name, t) -> rows.add(new Row(name, t.dtype(), t.shape(), t.bytes(), c.owner(name))));
            List<WeightFile> files = new ArrayList<>();
            for (Checkpoint.Source s : c.sources()) {
                files.add(WeightFile.of(s.file()));
            }
            return new Contents(part, path, Files.exists(config) ? Json.read(config) : null,
                    c.sources().getFirst().format().toString(), files, rows, c.parameters(), c.leftOut());
        }
    }
}
