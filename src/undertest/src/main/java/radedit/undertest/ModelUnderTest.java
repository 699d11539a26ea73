package radedit.undertest;

import java.io.IOException;
import java.util.List;

import radedit.imaging.Picture;

/**
 * A model of others that is tested: a classifier or a segmenter. Instances may be used by several threads at a time.
 * Results do not depend on the order of films or on the number of threads, as far as the model itself is deterministic;
 * {@link ModelProbes} measures that.
 */
public interface ModelUnderTest extends AutoCloseable {
    /** What a model returns for a film. */
    enum Kind {
        /** Scores, one a class: {@link Output.Scores}. */
        CLASSIFICATION,
        /** Masks, one a structure: {@link Output.Masks}. */
        SEGMENTATION
    }

    /** {@return what the model returns} */
    default Kind kind() {
        return outputSpec().kind();
    }

    /** {@return names of the classes or structures, in the order of the outputs; at least one, all different} */
    List<String> names();

    /** {@return how outputs are interpreted} */
    OutputSpec outputSpec();

    /** {@return which model this is, and with which settings it runs} */
    ModelDescription description();

    /** {@return the most films that are evaluated at once; any number may be passed to {@link #run}} */
    int batch();

    /**
     * Evaluates films without checking the values that the model returns; {@link ModelProbes} looks at them.
     *
     * @param films
     *            of any sizes
     * @return one output a film, in order
     * @throws ModelException
     *             if the model fails, or returns another number of values than there are names for
     * @throws IOException
     *             if the model's file or server cannot be read
     */
    List<Output> evaluate(List<GreyFilm> films) throws IOException;

    /**
     * Evaluates films.
     *
     * @param films
     *            of any sizes
     * @return one output a film, in order; all values are finite and within the declared range
     * @throws ModelException
     *             if the model fails, or returns values that cannot be right
     * @throws IOException
     *             if the model's file or server cannot be read
     */
    default List<Output> runFilms(List<GreyFilm> films) throws IOException {
        List<Output> all = evaluate(films);
        for (Output o : all) {
            OutputCheck.check(description().source(), outputSpec(), o);
        }
        return all;
    }

    /**
     * Evaluates pictures, as {@link #runFilms} does films.
     *
     * @param films
     *            of any sizes; colour becomes grey
     * @return one output a film, in order; all values are finite and within the declared range
     * @throws ModelException
     *             if the model fails, or returns values that cannot be right
     * @throws IOException
     *             if the model's file or server cannot be read
     */
    default List<Output> run(List<Picture> films) throws IOException {
        return runFilms(films.stream().map(GreyFilm::of).toList());
    }

    /** Releases what the model holds. */
    @Override
    void close();
}
