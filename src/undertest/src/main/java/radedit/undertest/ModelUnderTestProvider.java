package radedit.undertest;

import java.io.IOException;
import java.nio.file.Path;

/** Opens models of one file format; found as a service. */
public interface ModelUnderTestProvider {
    /** {@return the suffix of the files that it opens, in lower case with its dot, such as {@code .onnx}} */
    String suffix();

    /**
     * Opens a classifier or segmenter.
     *
     * @param file
     *            the model
     * @param preprocessing
     *            what it takes and returns; names may be missing if the file has them
     * @param options
     *            how it runs
     * @return the model
     * @throws ModelException
     *             if the file is invalid, contradicts the preprocessing, or cannot run on this machine
     * @throws IOException
     *             if the file cannot be read
     */
    ModelUnderTest open(Path file, Preprocessing preprocessing, ModelOptions options) throws IOException;

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
     *             if the file is invalid, contradicts the input, or cannot run on this machine
     * @throws IOException
     *             if the file cannot be read
     */
    ImageFeatures openFeatures(Path file, InputSpec input, String output, ModelOptions options) throws IOException;
}
