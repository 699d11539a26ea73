package radedit.checkpoint;

import java.io.IOException;
import java.io.InputStream;

/** The files of a model that is part of the program; found as a service ({@link java.util.ServiceLoader}). */
public interface EmbeddedModel {
    /**
     * Opens a file.
     *
     * @param path
     *            relative to the model's folder
     * @throws IOException
     *             if there is none
     */
    InputStream open(String path) throws IOException;
}
