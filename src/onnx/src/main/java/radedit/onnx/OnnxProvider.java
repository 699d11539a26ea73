package radedit.onnx;

import java.io.IOException;
import java.nio.file.Path;

import radedit.undertest.ImageFeatures;
import radedit.undertest.InputSpec;
import radedit.undertest.ModelOptions;
import radedit.undertest.ModelUnderTest;
import radedit.undertest.ModelUnderTestProvider;
import radedit.undertest.Preprocessing;

/** Opens ONNX files; found as a service. */
public final class OnnxProvider implements ModelUnderTestProvider {
    /** Creates a provider. */
    public OnnxProvider() {
    }

    @Override
    public String suffix() {
        return ".onnx";
    }

    @Override
    public ModelUnderTest open(Path file, Preprocessing preprocessing, ModelOptions options) throws IOException {
        return OnnxModel.open(file, preprocessing, options);
    }

    @Override
    public ImageFeatures openFeatures(Path file, InputSpec input, String output, ModelOptions options)
            throws IOException {
        return OnnxFeatures.open(file, input, output, options);
    }
}
