package radedit.checkpoint;

import java.io.IOException;
import java.io.InputStream;

/** The files of a model that is part of the program; a service provider interface ({@link java.util.ServiceLoader}). */
public interface EmbeddedModel {
    /**
     * Opens a file of the model.
     *
     * @param path
     *            path relative to the model's folder
     * @return its content; the caller closes it
     * @throws IOException
     *             if there is no such file, or it cannot be read
     */
    InputStream open(String path) throws IOException;
}
