package radedit.undertest;

import java.io.IOException;
import java.util.List;

/**
 * A model that describes films by vectors, for distances between sets of films such as Fréchet's. Instances may be used
 * by several threads at a time.
 */
public interface ImageFeatures extends AutoCloseable {
    /** {@return which model this is, and with which settings it runs} */
    ModelDescription description();

    /**
     * Computes vectors.
     *
     * @param films
     *            any number, of any sizes
     * @return [films, features]; all values are finite
     * @throws ModelException
     *             if the model fails, or returns values that are not finite
     * @throws IOException
     *             if the model's file cannot be read
     */
    float[][] features(List<GreyFilm> films) throws IOException;

    /** Releases what the model holds. */
    @Override
    void close();
}
