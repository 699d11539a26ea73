package radedit.undertest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.TreeSet;

import radedit.undertest.ModelException.Reason;

/** Opens models in files, by the {@link ModelUnderTestProvider} for the file's suffix. */
public final class ModelsUnderTest {
    private ModelsUnderTest() {
    }

    /**
     * Opens a classifier or segmenter.
     *
     * @param file
     *            the model
     * @param preprocessing
     *            what it takes and returns
     * @param options
     *            how it runs
     * @return the model
     * @throws ModelException
     *             if there is no provider for the file, or it refuses the file
     * @throws IOException
     *             if the file cannot be read
     */
    public static ModelUnderTest open(Path file, Preprocessing preprocessing, ModelOptions options) throws IOException {
        return provider(file).open(file, preprocessing, options);
    }

    /**
     * Opens a model that returns features.
     *
     * @param file
     *            the model
     * @param input
     *            what it takes
     * @param output
     *            the output tensor's name; empty for the only fitting one
     * @param options
     *            how it runs
     * @return the model
     * @throws ModelException
     *             if there is no provider for the file, or it refuses the file
     * @throws IOException
     *             if the file cannot be read
     */
    public static ImageFeatures openFeatures(Path file, InputSpec input, String output, ModelOptions options)
            throws IOException {
        return provider(file).openFeatures(file, input, output, options);
    }

    private static ModelUnderTestProvider provider(Path file) throws ModelException {
        List<ModelUnderTestProvider> all = ServiceLoader.load(ModelUnderTestProvider.class).stream()
                .map(ServiceLoader.Provider::get).toList();
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        for (ModelUnderTestProvider p : all) {
            if (name.endsWith(p.suffix())) {
                if (!Files.isRegularFile(file)) {
                    throw new ModelException(Reason.MODEL, file + ": is not a file, or missing");
                }
                return p;
            }
        }
        TreeSet<String> suffixes = new TreeSet<>();
        all.forEach(p -> suffixes.add(p.suffix()));
        throw new ModelException(Reason.REQUEST, file + ": is not a model that can be run here; "
                + (suffixes.isEmpty()
                        ? "no runtime is installed, so"
                        : "export it as " + String.join(" or ", suffixes) + " (such as with torch.onnx.export),")
                + " serve it at an http:// address, or give its scores in a file");
    }
}
