package radedit.undertest;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.undertest.ModelException.Reason;

/**
 * How films become what a model takes, and what its outputs mean. Read from a JSON file of this form, whose keys may also
 * start from a preset and replace some of it ({@code null} removes a key of the preset):
 *
 * <pre>{@code
 * {
 *   "preset": "imagenet",
 *   "task": "classification",
 *   "input": {"size": 224, "resize": "shorter-side", "shorter_side": 256, "filter": "bilinear", "channels": 3,
 *             "layout": "NCHW", "range": [0, 1], "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225],
 *             "invert": false, "type": "float32"},
 *   "output": {"values": "logits", "activation": "sigmoid", "classes": ["Effusion", "Edema"],
 *              "thresholds": {"Effusion": 0.3}}
 * }
 * }</pre>
 *
 * Keys of "input" are name, size (a number, or "WIDTHxHEIGHT"), square, resize, shorter_side, filter, margin, channels,
 * layout, range, mean, std, invert and type, as in {@link InputSpec}; those of "output" name, values, activation, classes
 * or structures (a list in the order of the model's channels, or names with their channel or label), thresholds (one for
 * all, or by name) and layout, as in {@link OutputSpec}. Whatever is unknown, of the wrong type or contradictory is
 * refused.
 *
 * @param name
 *            the preset, or the file's name without its folder
 * @param input
 *            what the model takes
 * @param output
 *            what the model returns
 */
public record Preprocessing(String name, InputSpec input, OutputSpec output) {
    /**
     * {@return the preset of that name, or what the file says}
     *
     * @param nameOrFile
     *            one of {@link #presets}, or a path
     * @throws ModelException
     *             if there is neither, or the file is invalid
     * @throws IOException
     *             if the file cannot be read
     */
    public static Preprocessing of(String nameOrFile) throws IOException {
        Source s = Source.of(nameOrFile);
        return new Preprocessing(s.name(), SpecParser.input(s.source(), s.json()),
                SpecParser.output(s.source(), s.json()));
    }

    /**
     * {@return the input only of a preset or file, for models that return features; the output may be missing}
     *
     * @param nameOrFile
     *            one of {@link #presets}, or a path
     * @throws ModelException
     *             if there is neither, or the file is invalid
     * @throws IOException
     *             if the file cannot be read
     */
    public static InputSpec inputOf(String nameOrFile) throws IOException {
        Source s = Source.of(nameOrFile);
        if (s.json().has("output")) {
            SpecParser.output(s.source(), s.json());
        }
        return SpecParser.input(s.source(), s.json());
    }

    /** {@return the names of the presets} */
    public static List<String> presets() {
        return Presets.NAMES;
    }

    /** {@return all of it by keyword, as {@link #of} reads it from a file} */
    public Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("task", InputSpec.word(output.kind()));
        m.put("input", input.toMap());
        m.put("output", output.toMap());
        return m;
    }

    /**
     * Where keys come from.
     *
     * @param name
     *            for the description
     * @param source
     *            for messages
     */
    private record Source(String name, String source, ObjectNode json) {
        static Source of(String nameOrFile) throws IOException {
            if (Presets.NAMES.contains(nameOrFile)) {
                return new Source(nameOrFile, "preset " + nameOrFile, Presets.json(nameOrFile));
            }
            Path file = path(nameOrFile);
            if (!nameOrFile.contains(".") && !nameOrFile.contains("/") && !file.toFile().exists()) {
                throw new ModelException(Reason.REQUEST,
                        "preprocessing '" + nameOrFile + "' is neither a file nor one of "
                                + String.join(", ", Presets.NAMES));
            }
            ObjectNode json = JsonFiles.read(file);
            return new Source(String.valueOf(file.getFileName()), nameOrFile,
                    Presets.merged(nameOrFile, json));
        }

        private static Path path(String name) throws ModelException {
            try {
                return Path.of(name);
            } catch (InvalidPathException e) {
                throw new ModelException(Reason.REQUEST, "preprocessing: '" + SpecReader.shorten(name)
                        + "' is not the name of a file", e);
            }
        }
    }
}
