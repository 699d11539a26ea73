package radedit.tools.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import radedit.files.OutputFile;

/**
 * The two classifiers of phantoms that the stress test for a shortcut tells apart, as ONNX files: input "image" (float32,
 * [n, 1, 128, 128], 0 black to 1 white), output "logits" ([n, 1], positive for pneumothorax). They differ only in the films and
 * labels that they were trained on. {@link #WEAK} learned from films on which pneumothorax and drain occur together and looks for the
 * drain; {@link #STRONG} learned from films on which they are independent.
 */
public final class ShortcutClassifiers {
    /** File of the model that looks for the drain. */
    public static final String WEAK = "weak.onnx";
    /** File of the model that looks for the pneumothorax. */
    public static final String STRONG = "strong.onnx";
    /** File that describes the input and output of both. */
    public static final String PREPROCESSING = "preprocess.json";

    private ShortcutClassifiers() {
    }

    /**
     * Writes the three files into a folder.
     *
     * @param folder
     *            the folder, which is created
     * @throws IOException
     *             if a file cannot be written
     */
    public static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of(WEAK, STRONG, PREPROCESSING)) {
            try (InputStream in = ShortcutClassifiers.class.getResourceAsStream("/radedit/shortcut/" + name)) {
                if (in == null) {
                    throw new IOException(name + " is missing from the program");
                }
                OutputFile.write(folder.resolve(name), in::transferTo);
            }
        }
    }
}
