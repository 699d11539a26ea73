package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.files.OutputFile;
import radedit.imaging.Film;
import radedit.imaging.FilmOptions;
import radedit.imaging.HeatMap;
import radedit.imaging.Images;
import radedit.imaging.Loader;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.WindowChoice;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Scorer;
import radedit.pipeline.SimilarityMap;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.ModelFolder;
import radedit.weights.SafetensorsWriter;

/** radedit score. */
@Command(name = "score", mixinStandardHelpOptions = true, description = {
        "Tells how well a film fits a text, by BioViL-T.",
        "With --original, how well the change of the film follows the change of the text."})
final class ScoreCommand implements Callable<Integer> {
    @Option(names = "--image", paramLabel = "F", required = true, description = "the film: DICOM, PNG, JPEG, TIFF or NIfTI")
    private Path image;

    @Option(names = "--text", paramLabel = "T", required = true, description = "what it shall show; several are averaged")
    private List<String> texts;

    @Option(names = "--original", paramLabel = "F", description = "the film before an edit")
    private Path original;

    @Option(names = "--original-text", paramLabel = "T", description = "what that film shows; several are averaged")
    private List<String> originalTexts;

    @Option(names = "--previous", paramLabel = "F", description = "an earlier film of the patient, which the temporal model compares with")
    private Path previous;

    @Option(names = "--frame", paramLabel = "K", description = "which frame, slice or page of the films, counted from 1 (default: the only one)")
    private Integer frame;

    @Option(names = "--min", paramLabel = "X", description = "end with exit code 6 if the score (the edit score with --original) is below")
    private Double min;

    @Option(names = "--map", paramLabel = "F", description = "draw where the text is seen over the film (PNG), or write the values (safetensors: similarity)")
    private Path map;

    @Option(names = "--map-interpolation", paramLabel = "NAME", defaultValue = "nearest", description = "nearest or bilinear (default: ${DEFAULT-VALUE})")
    private SimilarityMap.Interpolation interpolation;

    @Option(names = "--edit-mask", paramLabel = "MASK", description = "tell how much of the positive similarity lies in this mask: "
            + Masks.SOURCES)
    private String editMask;

    @Option(names = "--embeddings", description = "add the embeddings to --json")
    private boolean embeddings;

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        check();
        Film film = read(image);
        Film before = read(original);
        Film earlier = read(previous);
        Mask mask = editMask == null ? null : mask(film);
        Map<String, Object> report = new LinkedHashMap<>();
        double judged;
        ModelFolder folder = model.folder();
        folder.notice().ifPresent(console.to(spec.commandLine().getErr())::note);
        try (Scorer scorer = Scorer.open(folder, model.options(0), console)) {
            double[] text = scorer.text(texts);
            double[] oldText = originalTexts == null ? null : scorer.text(originalTexts);
            Scorer.Embedded now = embed(scorer, film, earlier);
            judged = Scorer.cosine(now.embedding(), text);
            folder.notice().ifPresent(n -> report.put("notice", n));
            report.put("image", image.toString());
            report.put("texts", texts);
            report.put("image_text_score", judged);
            Map<String, Object> vectors = new LinkedHashMap<>();
            vectors.put("image", now.embedding());
            vectors.put("text", text);
            if (before != null) {
                Scorer.Embedded then = embed(scorer, before, earlier);
                judged = Scorer.editScore(now.embedding(), then.embedding(), text, oldText);
                report.put("original", original.toString());
                report.put("original_texts", originalTexts);
                report.put("original_image_text_score", Scorer.cosine(then.embedding(), oldText));
                report.put("edit_score", judged);
                vectors.put("original", then.embedding());
                vectors.put("original_text", oldText);
            }
            if (previous != null) {
                report.put("previous", previous.toString());
            }
            if (map != null || mask != null) {
                map(scorer.map(now, text, interpolation), film, mask, report);
            }
            if (embeddings) {
                report.put("embeddings", vectors);
            }
        }
        boolean passed = min == null || judged >= min;
        if (min != null) {
            report.put("min", min);
            report.put("passed", passed);
        }
        print(report);
        if (!passed) {
            spec.commandLine().getErr().printf(Locale.ROOT, "radedit: the %s score %.4f is below --min %s%n",
                    before == null ? "image-text" : "edit", judged, min);
        }
        return passed ? Exit.OK : Exit.CHECK;
    }

    private void check() throws IOException {
        if ((original == null) != (originalTexts == null)) {
            throw new InvalidRequestException("--original and --original-text belong together: the edit score compares"
                    + " the change of the film with the change of the text");
        }
        if (embeddings && !json) {
            throw new InvalidRequestException("--embeddings needs --json");
        }
        if (min != null && !(min >= -1 && min <= 1)) {
            throw new InvalidRequestException("--min must be from -1 to 1, not " + min);
        }
        if (map != null) {
            String name = map.toString().toLowerCase(Locale.ROOT);
            if (!name.endsWith(".png") && !name.endsWith(".safetensors")) {
                throw new InvalidRequestException("--map must end in .png or .safetensors, not " + map);
            }
            Outputs.requireDistinct("--map ", map, image, original, previous,
                    editMask == null ? null : MaskSource.of(editMask).file());
            OutputFile.check(map);
        }
    }

    /** A film that can be judged; null if none is given. */
    private Film read(Path file) {
        if (file == null) {
            return null;
        }
        FilmOptions how = new FilmOptions(Loader.HIML, FilmInput.frame(frame), WindowChoice.FROM_FILE);
        Film f = Inputs.film(file, how, console.to(spec.commandLine().getErr())::warning);
        try {
            Scorer.check(f);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(file + ": " + e.getMessage(), e);
        }
        return f;
    }

    private Mask mask(Film film) {
        MaskSource source = MaskSource.of(editMask);
        Mask m = Masks.read("the edit mask", source, new Extent(film.columns(), film.rows()),
                console.to(spec.commandLine().getErr())::warning);
        if (m.isEmpty()) {
            throw new InvalidInputException(source + ": the edit mask is empty");
        }
        return m;
    }

    private static Scorer.Embedded embed(Scorer scorer, Film film, Film earlier) {
        return earlier == null ? scorer.film(film) : scorer.pair(film, earlier);
    }

    private void map(SimilarityMap similarity, Film film, Mask mask, Map<String, Object> report) throws IOException {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("min", similarity.min());
        m.put("max", similarity.max());
        if (mask != null) {
            double share = similarity.positiveShare(mask);
            m.put("positive_in_edit_mask", Double.isNaN(share) ? null : share);
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
        report.put("map", m);
    }

    private void print(Map<String, Object> report) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(OutputOptions.JSON.writeValueAsString(report));
            return;
        }
        out.printf(Locale.ROOT, "image-text score %.4f%n", report.get("image_text_score"));
        if (report.containsKey("edit_score")) {
            out.printf(Locale.ROOT, "edit score %.4f%n", report.get("edit_score"));
        }
        if (report.get("map") instanceof Map<?, ?> m && m.get("positive_in_edit_mask") != null) {
            out.printf(Locale.ROOT, "positive similarity inside the edit mask %.1f %%%n",
                    100 * (Double) m.get("positive_in_edit_mask"));
        }
        if (map != null) {
            out.println(map);
        }
    }
}
