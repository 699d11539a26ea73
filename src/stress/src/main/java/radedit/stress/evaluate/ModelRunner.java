package radedit.stress.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.imaging.Mask;
import radedit.pipeline.Listener;
import radedit.undertest.GreyFilm;
import radedit.undertest.ImageFeatures;
import radedit.undertest.MaskFolder;
import radedit.undertest.ModelUnderTest;
import radedit.undertest.Output;
import radedit.undertest.OutputSpec;

/** Asks models about the films of a run. */
public final class ModelRunner {
    /** Films in memory at a time. */
    private static final int AT_ONCE = 64;
    /** Masks of this many films are kept, of which the one before the edit is asked for again and again. */
    private static final int KEPT = 16;

    private final RunFilms films;
    private final Listener listener;

    /**
     * Creates a runner.
     *
     * @param films
     *            the films
     * @param listener
     *            receives progress
     */
    public ModelRunner(RunFilms films, Listener listener) {
        this.films = films;
        this.listener = listener;
    }

    /**
     * {@return what a classifier says about all films, with the thresholds of its specification}
     *
     * @param name
     *            the model's name in results
     * @param model
     *            the classifier
     * @throws IOException
     *             if a film cannot be read, or the model fails
     */
    public Scores scores(String name, ModelUnderTest model) throws IOException {
        Map<String, double[]> all = new LinkedHashMap<>();
        List<String> names = films.names();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            List<String> some = names.subList(from, Math.min(names.size(), from + AT_ONCE));
            List<Output> outputs = model.runFilms(films(some));
            for (int i = 0; i < some.size(); i++) {
                all.put(some.get(i), probabilities(outputs.get(i)));
            }
            listener.progress(name, from + some.size(), names.size());
        }
        return new Scores(name, model.description().toMap(), model.names(),
                thresholds(model.outputSpec(), model.names()),
                "as the model's description says, else 0.5", all);
    }

    static double[] thresholds(OutputSpec spec, List<String> classes) {
        return classes.stream().mapToDouble(spec::threshold).toArray();
    }

    static double[] probabilities(Output o) {
        return switch (o) {
            case Output.Scores s -> s.probabilities();
            case Output.Masks m -> throw new IllegalArgumentException("a segmenter has no scores");
        };
    }

    private List<GreyFilm> films(List<String> names) throws IOException {
        List<GreyFilm> all = new ArrayList<>();
        for (String n : names) {
            all.add(films.film(n));
        }
        return all;
    }

    /**
     * {@return what a segmenter says about the films, computed when it is asked for}
     *
     * @param name
     *            the model's name in results
     * @param model
     *            the segmenter, which must stay open
     */
    public MaskBook masks(String name, ModelUnderTest model) {
        Map<String, List<Mask>> recent = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, List<Mask>> eldest) {
                return size() > KEPT;
            }
        };
        return new MaskBook(name, model.description().toMap(), model.names(), film -> {
            List<Mask> known = recent.get(film);
            if (known == null) {
                known = switch (model.runFilms(List.of(films.film(film))).getFirst()) {
                    case Output.Masks m -> m.masks();
                    case Output.Scores s -> throw new IllegalArgumentException("a classifier has no masks");
                };
                recent.put(film, known);
            }
            return known;
        });
    }

    /**
     * {@return masks that a segmenter elsewhere made}
     *
     * @param name
     *            the model's name in results
     * @param masks
     *            their folder
     * @param films
     *            the films
     * @param listener
     *            receives notes about files of masks
     * @throws IOException
     *             if the folder cannot be read
     */
    public static MaskBook masks(String name, MaskFolder masks, RunFilms films, Listener listener)
            throws IOException {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("source", masks.folder().toString());
        about.put("sha256", masks.sha256());
        return new MaskBook(name, about, masks.structures(), film -> {
            GreyFilm f = films.film(film);
            return masks.masks(film, f.width(), f.height(), listener::warning).masks();
        });
    }

    /**
     * {@return feature vectors [n, d] of films}
     *
     * @param model
     *            makes them
     * @param names
     *            the films
     * @throws IOException
     *             if a film cannot be read, or the model fails
     */
    public double[][] features(ImageFeatures model, List<String> names) throws IOException {
        List<double[]> all = new ArrayList<>();
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            for (float[] v : model.features(films(names.subList(from, Math.min(names.size(), from + AT_ONCE))))) {
                double[] row = new double[v.length];
                for (int i = 0; i < v.length; i++) {
                    row[i] = v[i];
                }
                all.add(row);
            }
        }
        return all.toArray(double[][]::new);
    }
}
