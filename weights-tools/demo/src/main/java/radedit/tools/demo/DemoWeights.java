package radedit.tools.demo;

import java.io.IOException;
import java.io.InputStream;

import radedit.checkpoint.EmbeddedModel;

/** The demo model's files, as written by the training script. */
public final class DemoWeights implements EmbeddedModel {
    /** Creates an instance; it has no state. */
    public DemoWeights() {
    }

    @Override
    public InputStream open(String path) throws IOException {
        InputStream in = DemoWeights.class.getResourceAsStream("/radedit/demo/" + path);
        if (in == null) {
            throw new IOException(path + " is missing from the program");
        }
        return in;
    }
}
