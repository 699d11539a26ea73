package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import radedit.files.OutputFile;
import radedit.imaging.Film;
import radedit.imaging.HeatMap;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Scorer;
import radedit.pipeline.SimilarityMap;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Options for scores of one film: an edit's original, an earlier film, a similarity map. */
final class ComparisonOptions {
    @Option(names = "--original", paramLabel = "F", description = "the film before an edit")
    private @Nullable Path original;

    @Option(names = "--original-text", paramLabel = "T", description = "what the original film shows; several texts are averaged")
    private @Nullable List<String> originalTexts;

    @Option(names = "--previous", paramLabel = "F", description = "an earlier film of the patient, for the temporal model")
    private @Nullable Path previous;

    @Option(names = "--map", paramLabel = "F", description = "draw where the film matches the text (PNG), or write the values (safetensors: similarity)")
    private @Nullable Path map;

    @Option(names = "--map-interpolation", paramLabel = "NAME", defaultValue = "nearest", description = "nearest or bilinear (default: ${DEFAULT-VALUE})")
    private SimilarityMap.Interpolation interpolation;

    @Option(names = "--edit-mask", paramLabel = "MASK", description = "report the share of positive similarity inside this mask; repeated, in all of them: "
            + Masks.SOURCES)
    private List<String> editMasks = List.of();

    /** Films to compare with; null for none. */
    private @Nullable Film before;
    private @Nullable Film earlier;
    private @Nullable Mask mask;

    /** Whether the edit score decides. */
    boolean judgesAnEdit() {
        return original != null;
    }

    /** Texts of the film before an edit; empty without one. */
    List<String> originalTexts() {
        return originalTexts == null ? List.of() : originalTexts;
    }

    /** The earlier film; null if not given. */
    @Nullable
    Path previous() {
        return previous;
    }

    /** Files that must not be overwritten; may contain null. */
    @Nullable
    Path[] inputs() {
        return Stream.concat(Stream.of(original, previous), sources().stream().flatMap(s -> s.file().stream()))
                .toArray(Path[]::new);
    }

    /** The output file of the similarity map; null for none. */
    @Nullable
    Path map() {
        return map;
    }

    /**
     * Refuses options that need a single film and text if there are several.
     *
     * @param why
     *            the reason, for the message
     */
    void requireNone(String why) {
        String given = original != null
                ? "--original"
                : map != null ? "--map" : !editMasks.isEmpty() ? "--edit-mask" : null;
        if (given != null) {
            throw new InvalidRequestException(given + " needs one film and one text: " + why);
        }
    }

    /** Checks options and output file before the work. */
    void check(@Nullable Path image) throws IOException {
        if ((original == null) != (originalTexts == null)) {
            throw new InvalidRequestException("--original and --original-text belong together: the edit score compares"
                    + " the change of the film with the change of the text");
        }
        if (map != null) {
            String name = map.toString().toLowerCase(Locale.ROOT);
            if (!name.endsWith(".png") && !name.endsWith(".safetensors")) {
                throw new InvalidRequestException("--map must end in .png or .safetensors, not " + map);
            }
            Outputs.requireDistinct("--map ", map, image);
            Outputs.requireDistinct("--map ", map, inputs());
            OutputFile.check(map);
        }
    }

    /**
     * Reads the other films and the mask.
     *
     * @param reader
     *            reads films
     */
    void read(Film film, Function<Path, Film> reader, Consumer<String> warnings) {
        before = original == null ? null : reader.apply(original);
        earlier = previous == null ? null : reader.apply(previous);
        mask = editMasks.isEmpty() ? null : mask(film, warnings);
    }

    private List<MaskSource> sources() {
        return editMasks.stream().map(MaskSource::of).toList();
    }

    private Mask mask(Film film, Consumer<String> warnings) {
        Mask m = Masks.union("the edit mask", sources(), new Extent(film.columns(), film.rows()), warnings);
        if (m.isEmpty()) {
            throw new InvalidInputException(Masks.names(sources()) + ": the edit mask is empty");
        }
        return m;
    }

    /**
     * Scores a film.
     *
     * @param text
     *            embedding of its text
     * @param report
     *            receives all results
     * @param vectors
     *            receives the embeddings
     * @return the score that decides; NaN if it is undefined
     */
    double score(Scorer scorer, Film film, double[] text, Map<String, Object> report, Map<String, Object> vectors)
            throws IOException {
        double[] oldText = originalTexts == null ? null : scorer.text(originalTexts);
        Scorer.FilmEmbedding now = embed(scorer, film);
        double judged = Scorer.cosine(now.embedding(), text);
        report.put("image_text_score", judged);
        vectors.put("image", now.embedding());
        vectors.put("text", text);
        if (before != null && oldText != null) {
            Scorer.FilmEmbedding then = embed(scorer, before);
            judged = Scorer.editScore(now.embedding(), then.embedding(), text, oldText);
            report.put("original", before.file().toString());
            report.put("original_texts", originalTexts);
            report.put("original_image_text_score", Scorer.cosine(then.embedding(), oldText));
            report.put("edit_score", Double.isNaN(judged) ? null : judged);
            if (Double.isNaN(judged)) {
                report.put("edit_score_undefined_because", Arrays.equals(now.embedding(), then.embedding())
                        ? "the film and the original look the same to the image encoder"
                        : "the text and the original's look the same to the text encoder");
            }
            vectors.put("original", then.embedding());
            vectors.put("original_text", oldText);
        }
        if (previous != null) {
            report.put("previous", previous.toString());
        }
        if (map != null || mask != null) {
            report.put("map", similarity(scorer.map(now, text, interpolation), film));
        }
        return judged;
    }

    private Scorer.FilmEmbedding embed(Scorer scorer, Film film) {
        return earlier == null ? scorer.film(film) : scorer.pair(film, earlier);
    }

    private Map<String, Object> similarity(SimilarityMap similarity, Film film) throws IOException {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("min", similarity.min());
        m.put("max", similarity.max());
        if (mask != null) {
            double share = similarity.positiveShare(mask);
            m.put("positive_in_edit_mask", Double.isNaN(share) ? null : share);
            if (Double.isNaN(share)) {
                m.put("positive_undefined_because", "nowhere in the film is the similarity positive");
            }
        }
        if (map != null) {
            m.put("file", map.toString());
            if (map.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
                Picture grey = film.himlPicture();
                Picture drawn = HeatMap.draw(grey, similarity.values(), mask);
                OutputFile.write(map, out -> Images.writePng(out, drawn, Map.of("Software", "RadEdit", "Disclaimer",
                        "Research use only, not for clinical use.")));
            } else {
                Tensor t = Tensor.of(Shape.of(similarity.height(), similarity.width()), similarity.values());
                OutputFile.write(map, new SafetensorsWriter().add("similarity", DType.F32, t)::writeTo);
            }
        }
        return m;
    }
}
