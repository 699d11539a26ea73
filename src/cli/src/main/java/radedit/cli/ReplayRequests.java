package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.diffusion.TimestepSpacing;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.mask.MaskSource;
import radedit.picture.Provenance;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.Rng;
import radedit.pipeline.RunOptions;
import radedit.tools.demo.DemoFigures;

/** Makes requests of recorded settings: an edit's become the options of radedit edit, of which none but these are set. */
final class ReplayRequests {
    private static final String GIVEN = "given";
    /** Settings that are passed on as they are; those of the edit's options are recorded again by themselves. */
    private static final List<String> NOTES = List.of("command_line", "inputs", "stress_case");

    @Command(name = "replayed")
    private static final class Line {
        @Mixin
        private EditSettings edit;
    }

    private final InputFinder finder;
    private final boolean named;
    private final Listener listener;
    /** The film of the last edit; null before. */
    private @Nullable Film film;

    /**
     * @param named
     *            whether results record names of films, which may be those of patients
     */
    ReplayRequests(InputFinder finder, boolean named, Listener listener) {
        this.finder = finder;
        this.named = named;
        this.listener = listener;
    }

    /** The film that was edited last; null if none was read from a file. */
    @Nullable
    Film film() {
        return film;
    }

    /** A request for one picture of a batch. */
    GenerateRequest generate(RecordedSettings s) throws IOException {
        int images = s.integer("images");
        int image = s.integer("image");
        if (images < 1 || images > 4096 || image < 0 || image >= images) {
            throw s.damaged("image, images");
        }
        if ((long) images * size(s) * size(s) / 16 > Integer.MAX_VALUE) {
            throw s.damaged("images, size"); // more noise than an array holds
        }
        GenerateRequest r = new GenerateRequest(List.of(s.text("prompt"))).negativePrompt(s.text("negative_prompt"))
                .steps(s.integer("steps")).guidance(s.number("guidance")).count(images).only(image + 1)
                .seed(s.seed()).size(size(s)).deepCache(deepCache(s))
                .guidanceInterval(interval(s).getFirst(), interval(s).getLast())
                .unguidedAfter(s.has("unguided_after") ? s.number("unguided_after") : 1)
                .sampler(sampler(s));
        String noise = s.text("noise");
        if (noise.equals(GIVEN)) {
            r.noise(Inputs.tensor(named("noise", s), "noise"));
            if (s.has("step_noise")) {
                r.rng(rng(s, s.text("step_noise"))).seedPerImage(s.isSet("seed_per_image"));
            }
        } else {
            r.rng(rng(s, noise));
        }
        notes(s).forEach(r::note);
        return r;
    }

    private static int deepCache(RecordedSettings s) {
        return s.has("deep_cache") ? s.integer("deep_cache") : 1;
    }

    private static List<Double> interval(RecordedSettings s) {
        if (!s.has("guidance_interval")) {
            return List.of(0.0, 1.0);
        }
        List<String> ends = s.options("guidance_interval");
        try {
            if (ends.size() == 2) {
                return ends.stream().map(Double::valueOf).toList();
            }
        } catch (NumberFormatException e) {
            // damaged, too
        }
        throw s.damaged("guidance_interval");
    }

    /** What was chosen of the sampler; nothing by programs that had DDIM alone. */
    private static SamplerChoice sampler(RecordedSettings s) {
        if (!s.has("sampler_chosen")) {
            return SamplerChoice.OF_MODEL;
        }
        RecordedSettings chosen = s.within("sampler_chosen");
        return new SamplerChoice(word(chosen, "sampler", SamplerMethod.values()),
                word(chosen, "sigmas", SigmaSpacing.values()), word(chosen, "spacing", TimestepSpacing.Rule.values()));
    }

    /** One of several words; null if there is none. */
    private static <T> @Nullable T word(RecordedSettings s, String key, T[] all) {
        if (!s.has(key)) {
            return null;
        }
        String word = s.text(key);
        return Arrays.stream(all).filter(v -> v.toString().equals(word)).findFirst().orElseThrow(() -> s.damaged(key));
    }

    /** A request for an edit. */
    EditRequest edit(RecordedSettings s, boolean scored) throws IOException {
        boolean drawn = s.has("inputs") && s.within("inputs").has("film")
                && s.within("inputs").within("film").has("figure");
        if (!drawn) {
            requireFiles(s);
        }
        EditSettings settings = parse(s, options(s, drawn, scored));
        EditRequest r;
        if (drawn) {
            RecordedSettings inputs = s.within("inputs");
            r = settings.set(new EditRequest(figure(inputs.within("film")), mask(inputs, "edit_mask").orElseThrow(
                    () -> s.missing("the edit mask"))));
            r.keepMask(mask(inputs, "keep_mask").orElse(null));
        } else {
            film = settings.film(listener);
            r = settings.request(film, named, listener);
        }
        if (s.has("native")) {
            r.nativeSize(s.within("native").integer("feather"));
        }
        if (drawn || named) {
            notes(s).forEach(r::note);
        }
        return r;
    }

    private static void requireFiles(RecordedSettings s) {
        if (!s.has("inputs") || !s.within("inputs").has("film") || !s.has("loader")) {
            throw new InvalidInputException(s.file()
                    + ": its film and masks were not files (it was made by a program that uses RadEdit as a library)"
                    + " and are not recorded; it cannot be made again");
        }
        for (String key : List.of("window", "grow_edit_mask", "invert_edit_mask", "free_band")) {
            if (!s.values().has(key)) {
                throw s.missing(key);
            }
        }
    }

    /** The picture of the demo page that a recorded input is. */
    private static Picture figure(RecordedSettings input) {
        return DemoFigures.draw(input.text("figure")).orElseThrow(() -> input.damaged("figure"));
    }

    private static Optional<Mask> mask(RecordedSettings inputs, String key) {
        return inputs.list(key).stream().map(m -> Mask.of(figure(m))).reduce(Mask::union);
    }

    private static EditSettings parse(RecordedSettings s, List<String> options) {
        Line line = new Line();
        CommandLine parser = new CommandLine(line);
        Main.configure(parser);
        try {
            parser.parseArgs(options.toArray(String[]::new));
            line.edit.check();
        } catch (ParameterException | InvalidRequestException e) {
            throw new InvalidInputException(s.file() + ": its settings are damaged", e);
        }
        return line.edit;
    }

    private List<String> options(RecordedSettings s, boolean drawn, boolean scored) throws IOException {
        List<String> all = new ArrayList<>();
        List<String> prompts = s.options("prompts");
        prompts.forEach(p -> all.add("--prompt=" + p));
        s.options("weights").forEach(w -> all.add("--weight=" + w));
        all.add("--invert-prompt=" + s.text("invert_prompt"));
        for (String key : List.of("steps", "skip_ratio", "eta", "mode", "mask_rule", "seed")) {
            all.add("--" + key.replace('_', '-') + "=" + s.option(key));
        }
        all.add("--deep-cache=" + deepCache(s));
        all.add("--guidance-interval=" + interval(s).getFirst() + "," + interval(s).getLast());
        all.add("--size=" + size(s));
        all.add("--fit=" + s.within("fit").text("mode"));
        all.add("--resample=" + s.within("fit").text("filter"));
        if (scored && s.has("original_text")) {
            all.add("--original-text=" + s.text("original_text"));
        }
        String noise = s.text("noise");
        if (noise.equals(GIVEN)) {
            all.add("--noise=" + named("noise", s).toAbsolutePath());
        } else {
            all.add("--rng=" + rng(s, noise));
        }
        String keepRule = s.textOrNull("keep_rule");
        if (drawn) {
            all.addAll(List.of("--image=none", "--edit-mask=none"));
        }
        if (keepRule != null) {
            all.add("--keep-rule=" + keepRule);
        }
        if (drawn) {
            if (keepRule != null) {
                all.add("--keep-mask=none");
            }
            return all;
        }
        RecordedSettings inputs = s.within("inputs");
        all.add("--image=" + named("film", s).toAbsolutePath());
        masks("edit mask", "edit_mask", inputs).forEach(m -> all.add("--edit-mask=" + m));
        masks("keep mask", "keep_mask", inputs).forEach(m -> all.add("--keep-mask=" + m));
        all.add("--loader=" + s.text("loader"));
        String window = s.textOrNull("window");
        if (window != null) {
            all.add("--window=" + window);
        }
        String frame = s.within("film").option("frame");
        if (!frame.equals("all")) {
            all.add("--frame=" + frame);
        }
        all.add("--grow-edit-mask=" + s.integer("grow_edit_mask"));
        all.add("--free-band=" + s.integer("free_band"));
        if (s.flag("invert_edit_mask")) {
            all.add("--invert-edit-mask");
        }
        return all;
    }

    /** The size, which is the picture's own unless an edit was put back into its film. */
    private static int size(RecordedSettings s) {
        int size = s.integer("size");
        if (size < 1 || size > RunOptions.MAX_SIDE) {
            throw s.damaged("size");
        }
        return size;
    }

    private static Rng rng(RecordedSettings s, String name) {
        for (Rng r : Rng.values()) {
            if (r.toString().equals(name)) {
                return r;
            }
        }
        throw s.damaged("noise");
    }

    /** An input that is a file by itself. */
    private Path named(String key, RecordedSettings s) throws IOException {
        RecordedSettings input = s.has("inputs") && s.within("inputs").has(key) ? s.within("inputs").within(key) : null;
        if (input == null) {
            throw s.missing("the file of the " + key);
        }
        String name = input.has("file") ? input.text("file") : null;
        return finder.find(key, name, start -> InputFinder.path(start, String.valueOf(name)), input);
    }

    private List<String> masks(String what, String key, RecordedSettings inputs) throws IOException {
        List<String> all = new ArrayList<>();
        for (RecordedSettings m : inputs.list(key)) {
            all.add(mask(what, m));
        }
        return all;
    }

    /** A mask in words, those of a file with the place where it was found. */
    private String mask(String what, RecordedSettings m) throws IOException {
        if (!m.has("source")) {
            throw new InvalidInputException(m.file() + ": which mask of its file the " + what
                    + " is was withheld, since it may be a patient's name; it cannot be made again");
        }
        String source = m.text("source");
        if (!m.has("sha256")) {
            if (!MaskSource.of(source).isInWords()) {
                throw m.missing("the hash of the " + what);
            }
            return source;
        }
        if (MaskSource.of(source).isInWords()) {
            throw m.damaged("source");
        }
        String name = source.startsWith(Provenance.WITHHELD.toString()) ? null : source;
        Path found = finder.find(what, name, start -> MaskSource.of(source, start).file(), m);
        MaskSource given = finder.starts().stream().map(start -> MaskSource.of(source, start))
                .filter(s -> s.file().filter(found::equals).isPresent()).findFirst()
                .orElseGet(() -> MaskSource.of(source));
        return given.at(found.toAbsolutePath()).text();
    }

    private static Map<String, Object> notes(RecordedSettings s) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String key : NOTES) {
            JsonNode v = s.values().get(key);
            if (v != null && !v.isNull()) {
                all.put(key, OutputOptions.JSON.convertValue(v, new TypeReference<Object>() {}));
            }
        }
        return all;
    }
}
