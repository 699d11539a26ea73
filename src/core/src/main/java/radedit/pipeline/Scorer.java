package radedit.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Backend;
import radedit.imaging.Film;
import radedit.imaging.Picture;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.trace.Recorder;
import radedit.weights.WeightHashes;
import radedit.weights.WeightsException;

/**
 * Compares films with texts as BioViL-T does (Bannur et al., arXiv:2301.04558), with the preprocessing of hi-ml's
 * inference engine. Research use only, never clinical.
 *
 * <pre>{@code
 * try (Scorer scorer = Scorer.open(Path.of("model"))) {
 *     double[] film = scorer.film(Films.read(Path.of("film.png"))).embedding();
 *     double score = Scorer.cosine(film, scorer.text(List.of("Small right-sided pleural effusion")));
 * }
 * }</pre>
 */
public final class Scorer implements AutoCloseable {
    /** Shortest side in pixels: that of one patch. */
    private static final int MIN_SIDE = 32;
    private static final int MAX_ASPECT_RATIO = 32;

    /**
     * The embedding of a film in the space shared with texts.
     *
     * @param embedding
     *            [joint], of length 1
     * @param patches
     *            [joint, grid, grid], each patch of length 1
     * @param width
     *            width of the film in pixels
     * @param height
     *            height of the film in pixels
     */
    public record FilmEmbedding(double[] embedding, Tensor patches, int width, int height) {}

    private final TextEncoder text;
    private final ImageEncoder image;
    private final Listener listener;
    private final Runnable onClose;
    private final RequestLock requests = new RequestLock("Scorer");

    /** Creates a scorer on a text encoder that its owner closes. */
    Scorer(ModelFolder model, TextEncoder text, Backend backend, Listener listener) {
        this(text, new ImageEncoder(model, backend, listener), Listener.NONE, () -> {});
    }

    private Scorer(TextEncoder text, ImageEncoder image, Listener listener, Runnable onClose) {
        this.text = text;
        this.image = image;
        this.listener = listener;
        this.onClose = onClose;
        if (text.projectionSize() != image.jointFeatures()) {
            close();
            throw new WeightsException("text encoder and image encoder do not match: they embed into "
                    + text.projectionSize() + " and " + image.jointFeatures() + " channels");
        }
    }

    /**
     * Opens the text and image encoder of a model folder on the best backend there is.
     *
     * @param folder
     *            a folder in the published layout; parts other than the text encoder, tokenizer and image encoder may
     *            be missing
     * @return the scorer; the caller closes it
     * @throws WeightsException
     *             if parts are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if no backend can run here
     */
    public static Scorer open(Path folder) {
        return open(ModelFolder.of(folder), RunOptions.DEFAULT);
    }

    /**
     * Opens the text and image encoder of a model, without a listener.
     *
     * @param model
     *            the model; parts other than the text encoder, tokenizer and image encoder may be missing
     * @param options
     *            how the networks run
     * @return the scorer; the caller closes it
     * @throws WeightsException
     *             if parts are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public static Scorer open(ModelFolder model, RunOptions options) {
        return open(model, options, Listener.NONE);
    }

    /**
     * Opens the text and image encoder of a model.
     *
     * @param model
     *            the model; parts other than the text encoder, tokenizer and image encoder may be missing
     * @param options
     *            how the networks run
     * @param listener
     *            receives the progress of preparations, and warnings of texts with unknown words
     * @return the scorer; the caller closes it
     * @throws WeightsException
     *             if parts are missing, damaged, or do not belong together
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public static Scorer open(ModelFolder model, RunOptions options, Listener listener) {
        return open(model, options, listener, Recorder.NONE);
    }

    /**
     * Opens the encoders of a model, with a recorder.
     *
     * @param model
     *            the model
     * @param options
     *            how the networks run
     * @param listener
     *            receives the progress of preparations, and warnings
     * @param recorder
     *            receives what the encoders compute
     * @return the scorer; the caller closes it
     * @throws radedit.weights.WeightsException
     *             if weights are missing or invalid
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     */
    public static Scorer open(ModelFolder model, RunOptions options, Listener listener, Recorder recorder) {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            Backend backend = recorder.watch(options.open(listener));
            opened.add(backend);
            ImageEncoder image = new ImageEncoder(model, backend, listener); // first: most often missing
            opened.add(image);
            TextEncoder text = new TextEncoder(model, backend, listener);
            opened.add(text);
            if (recorder.isOn()) {
                Map<String, Object> weights = new LinkedHashMap<>();
                weights.put(Part.TEXT_ENCODER.folder(), WeightHashes.of(text.files()));
                weights.put(Part.IMAGE_ENCODER.folder(), WeightHashes.of(image.files()));
                recorder.head(Map.of("weights_sha256", weights));
            }
            return new Scorer(text, image, listener, () -> {
                text.close();
                backend.close();
            });
        } catch (RuntimeException e) {
            opened.reversed().forEach(Scorer::closeQuietly);
            throw e;
        }
    }

    private static void closeQuietly(AutoCloseable c) {
        try {
            c.close();
        } catch (Exception e) {
            throw new IllegalStateException(e); // none of them throws a checked one
        }
    }

    /**
     * {@return the cosine of the angle between two vectors, -1 to 1; 0 if either is zero}
     *
     * @param a
     *            a vector
     * @param b
     *            a vector of the same length
     */
    public static double cosine(double[] a, double[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa) / Math.sqrt(bb);
    }

    /**
     * {@return how well the change from one film to another follows the change from one text to another, -1 to 1: the
     * cosine between the differences of their embeddings (Perez-Garcia et al., arXiv:2312.12865, section 3.3); NaN
     * where the films or the texts have the same embedding}
     *
     * @param edited
     *            [joint], embedding of the edited film
     * @param original
     *            [joint], embedding of the film before the edit
     * @param newText
     *            [joint], embedding of the prompts
     * @param oldText
     *            [joint], embedding of the text that describes the film before the edit
     */
    public static double editScore(double[] edited, double[] original, double[] newText, double[] oldText) {
        return Arrays.equals(edited, original) || Arrays.equals(newText, oldText)
                ? Double.NaN
                : cosine(difference(edited, original), difference(newText, oldText));
    }

    private static double[] difference(double[] a, double[] b) {
        double[] d = new double[a.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = a[i] - b[i];
        }
        return d;
    }

    /**
     * {@return the embedding [joint] of a text, or of several with the same meaning: their mean, scaled to length 1}
     *
     * @param texts
     *            at least one text
     * @throws InvalidRequestException
     *             if a text is empty, too long, or spells out a special token
     * @throws IllegalStateException
     *             if this is closed
     */
    public double[] text(List<String> texts) {
        return text(texts, listener);
    }

    /** Likewise, with a listener for warnings of unknown words. */
    double[] text(List<String> texts, Listener warnings) {
        List<double[]> each = requests.run(() -> text.embeddings(texts, warnings));
        double[] mean = new double[each.getFirst().length];
        double norm = 0;
        for (int i = 0; i < mean.length; i++) {
            for (double[] e : each) {
                mean[i] += e[i] / each.size();
            }
            norm += mean[i] * mean[i];
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= Math.max(Math.sqrt(norm), 1e-12);
        }
        return mean;
    }

    /**
     * Puts {@code unknown_words}, those that were warned of, into a report about texts if there are any.
     *
     * @param report
     *            the report, which is changed
     * @param texts
     *            the texts that it is about
     */
    public void recordUnknownWords(Map<String, Object> report, List<String> texts) {
        text.warnings().record(report, texts);
    }

    /**
     * {@return the embedding of one film}
     *
     * @param film
     *            the film; one frame
     * @throws InvalidInputException
     *             if the film is constant, narrow, or smaller than a patch
     * @throws IllegalStateException
     *             if this is closed
     */
    public FilmEmbedding film(Film film) {
        return films(List.of(film)).getFirst();
    }

    /**
     * {@return the embeddings of films, computed several at a time}
     *
     * @param films
     *            films of any sizes; one frame each
     * @throws InvalidInputException
     *             if a film is constant, narrow, or smaller than a patch
     * @throws IllegalStateException
     *             if this is closed
     */
    public List<FilmEmbedding> films(List<Film> films) {
        return embed(films, null);
    }

    /**
     * {@return the embedding of a film together with an earlier one of the same patient, by the temporal transformer}
     *
     * @param film
     *            the film; one frame
     * @param previous
     *            the earlier film; one frame
     * @throws InvalidInputException
     *             if a film is constant, narrow, or smaller than a patch
     * @throws IllegalStateException
     *             if this is closed
     */
    public FilmEmbedding pair(Film film, Film previous) {
        return embed(List.of(film), inputs(List.of(previous))).getFirst();
    }

    private List<FilmEmbedding> embed(List<Film> films, @Nullable Tensor previous) {
        List<ImageEncoder.Embedding> each = requests.run(() -> image.embed(inputs(films), previous));
        List<FilmEmbedding> all = new ArrayList<>();
        for (int i = 0; i < films.size(); i++) {
            all.add(new FilmEmbedding(each.get(i).global(), each.get(i).patches(), films.get(i).columns(),
                    films.get(i).rows()));
        }
        return all;
    }

    /**
     * Checks whether a film can be scored.
     *
     * @param film
     *            the film
     * @return the film in 8-bit grey
     * @throws InvalidInputException
     *             if the film is constant, narrow, smaller than a patch, or has several frames
     */
    public static Picture check(Film film) {
        if (Math.min(film.columns(), film.rows()) < MIN_SIDE) {
            throw new InvalidInputException("the film has " + film.columns() + " x " + film.rows()
                    + " pixels; fewer than " + MIN_SIDE + " on a side cannot be scored");
        }
        if (Math.max(film.columns(), film.rows()) / Math.min(film.columns(), film.rows()) > MAX_ASPECT_RATIO) {
            throw new InvalidInputException("the film has " + film.columns() + " x " + film.rows()
                    + " pixels; a picture this narrow cannot be scored");
        }
        if (film.frames() > 1) {
            throw new InvalidInputException(
                    Message.of("the film has ", film.frames(), " frames; choose one (", Setting.FRAME, ")"));
        }
        Picture grey = film.himlPicture();
        if (isConstant(grey)) {
            throw new InvalidInputException(
                    "all pixels of the film have the same value, so it cannot be normalised");
        }
        return grey;
    }

    /** Whether all pixels are the same; such a picture has no range to be normalised to. */
    static boolean isConstant(Picture p) {
        for (byte b : p.samples()) {
            if (b != p.samples()[0]) {
                return false;
            }
        }
        return true;
    }

    /** {@return the encoder's input: [b, 3, s, s] in 0..1, three equal channels} */
    private Tensor inputs(List<Film> films) {
        List<Tensor> all = new ArrayList<>();
        for (Film f : films) {
            Picture grey = check(f);
            Picture p = image.fit(grey.width(), grey.height()).apply(grey);
            Tensor t = Tensor.zeros(Shape.of(1, 3, p.height(), p.width()));
            int plane = p.samples().length;
            for (int i = 0; i < t.data().length; i++) {
                t.data()[i] = (p.samples()[i % plane] & 0xFF) / 255f;
            }
            all.add(t);
        }
        return Tensor.concat(all);
    }

    /**
     * {@return how similar each place of a film is to a text}
     *
     * @param film
     *            embedding of the film
     * @param text
     *            [joint], embedding of the text, of length 1
     * @param interpolation
     *            how the grid of patches is enlarged
     */
    public SimilarityMap map(FilmEmbedding film, double[] text, SimilarityMap.Interpolation interpolation) {
        return SimilarityMap.of(film.patches(), text, image.fit(film.width(), film.height()), interpolation);
    }

    /** Waits for the request in progress, then unmaps the encoders. */
    @Override
    public void close() {
        requests.close(() -> {
            image.close();
            onClose.run();
        });
    }
}
