package radedit.tools.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import radedit.checkpoint.DemoModel;
import radedit.diffusion.MaskDownsampling;
import radedit.imaging.Film;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Judgement;
import radedit.pipeline.Listener;
import radedit.pipeline.Metadata;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.pipeline.Scorer;

/**
 * One page of results of the demo model: films generated from prompts, their scores against all prompts, a finding
 * added, a finding removed with and without a keep mask. The commands on the page reproduce its pictures to the bit.
 */
public final class Gallery {
    static final List<String> PROMPTS = List.of("No acute cardiopulmonary process",
            "Large left-sided pleural effusion", "Large right pneumothorax", "Cardiomegaly");
    private static final String NORMAL = "No acute cardiopulmonary process";

    private final RadEdit radEdit;
    private final Scorer scorer;
    private final int steps;
    private final long seed;
    private final Path folder;
    private final Listener listener;
    private final Page page = new Page("RadEdit gallery");
    private final List<Figure> figures = new ArrayList<>();

    /**
     * A picture of the gallery, or a mask from which one is made.
     *
     * @param name
     *            file name without its ending
     * @param picture
     *            the picture
     * @param about
     *            PNG text: how it was made, and the notice
     */
    public record Figure(String name, Picture picture, Map<String, String> about) {}

    /**
     * Prepares a gallery.
     *
     * @param radEdit
     *            runs the demo model
     * @param scorer
     *            scores with the demo model
     * @param steps
     *            sampling steps of each generation and edit
     * @param seed
     *            seed of their noise
     * @param folder
     *            where the page's commands find films and masks
     * @param listener
     *            receives progress
     */
    public Gallery(RadEdit radEdit, Scorer scorer, int steps, long seed, Path folder, Listener listener) {
        this.radEdit = radEdit;
        this.scorer = scorer;
        this.steps = steps;
        this.seed = seed;
        this.folder = folder;
        this.listener = listener;
    }

    /**
     * Makes all pictures.
     *
     * @return the page
     * @throws IOException
     *            if a picture cannot be encoded
     */
    public String html() throws IOException {
        page.notice(
                "Research use only, never clinical. These films come from the demo model, which was trained on synthetic"
                        + " phantoms: drawings of chests, not radiographs. They show what the program does, not how real films"
                        + " look.");
        page.text(
                "Each command makes the picture below it again, bit for bit. This one writes the films and masks"
                        + " that the others read:");
        page.code(sampled(new Example("demo").with("--pictures", folder)).toString());
        generated();
        added();
        removed();
        return page.html();
    }

    /** {@return pictures and masks, after {@link #html}} */
    public List<Figure> figures() {
        return List.copyOf(figures);
    }

    private Example sampled(Example command) {
        return command.with("--steps", steps, "--seed", seed);
    }

    private Path file(String name) {
        return folder.resolve(name + ".png");
    }

    private Example generating() {
        Example all = new Example("generate");
        PROMPTS.forEach(all::with);
        return sampled(all.with("--model", DemoModel.NAME));
    }

    private void generated() throws IOException {
        page.heading("Generated from text");
        page.text("All four are one batch, whose noise is drawn at once; --only K makes picture K alone:");
        page.code(generating().with("-o", "generated.png").toString());
        page.code(generating().with("--only", 2, "-o", "generated-2.png").toString());
        Result films = radEdit.generate(new GenerateRequest(PROMPTS).steps(steps).seed(seed).note("command_line",
                generating().with("-o", "generated.png").words()), listener);
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < PROMPTS.size(); i++) {
            pictures.add(films.grey(i));
            show("generated-" + (i + 1), films.grey(i), PROMPTS.get(i), Metadata.text(films.settings().get(i)));
        }
        page.endRow();
        page.heading("Scored against every text");
        page.text(
                "The image-text score (radedit score): cosine between film and text, one film per row. A film's own text"
                        + " should have the highest.");
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("film"));
        head.addAll(PROMPTS);
        rows.add(head);
        List<double[]> texts = PROMPTS.stream().map(t -> scorer.text(List.of(t))).toList();
        for (int i = 0; i < PROMPTS.size(); i++) {
            double[] film = scorer.film(Film.of(pictures.get(i), PROMPTS.get(i))).embedding();
            List<String> row = new ArrayList<>(List.of(PROMPTS.get(i)));
            for (double[] text : texts) {
                row.add(String.format(Locale.ROOT, "%.2f", Scorer.cosine(film, text)));
            }
            rows.add(row);
        }
        page.table(rows);
    }

    private void added() throws IOException {
        DemoTasks.Edit e = DemoTasks.addEffusion(0);
        page.heading("A finding added");
        page.text(
                "A healthy phantom; inside the yellow edit mask an effusion is painted, inside the blue keep mask nothing"
                        + " may change.");
        Example command = editing("added", true, e, NORMAL).with("-o", "added-3.png");
        page.code(command.toString());
        Result r = radEdit.edit(request("added", e, true, NORMAL, command), listener);
        film("added");
        show("added-3", r.grey(0), e.prompt() + " (" + scores(r) + ")",
                Metadata.text(r.settings().getFirst()));
        page.endRow();
    }

    private void removed() throws IOException {
        DemoTasks.Edit e = DemoTasks.removePneumothorax(0);
        page.heading("A finding removed, the drain kept");
        page.text(
                "Most pneumothoraces in training films come with a chest drain, so an edit that removes one tends to remove"
                        + " the other too. The keep mask holds the drain, for testing whether a classifier looks at the drain instead"
                        + " of the air.");
        String before = "Large " + e.side().word() + " pneumothorax. Chest drain in place.";
        Example keeping = editing("removed", true, e, before).with("-o", "removed-3.png");
        Example free = editing("removed", false, e, before).with("-o", "removed-4.png");
        page.code(keeping.toString());
        page.code(free.toString());
        Result kept = radEdit.edit(request("removed", e, true, before, keeping), listener);
        Result lost = radEdit.edit(request("removed", e, false, before, free), listener);
        film("removed");
        show("removed-3", kept.grey(0), e.prompt() + ", drain kept (" + scores(kept) + ")",
                Metadata.text(kept.settings().getFirst()));
        show("removed-4", lost.grey(0), e.prompt() + ", without a keep mask (" + scores(lost) + ")",
                Metadata.text(lost.settings().getFirst()));
        page.endRow();
    }

    /** Adds the film of an edit and its masks. */
    private void film(String name) throws IOException {
        show(name + "-1", drawn(name + "-1"), "film", about(name + "-1"));
        show(name + "-2", drawn(name + "-2"), "edit mask, keep mask", about(name + "-2"));
        for (String mask : List.of(name + "-edit-mask", name + "-keep-mask")) {
            figures.add(new Figure(mask, drawn(mask), about(mask)));
        }
    }

    private static Map<String, String> about(String figure) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("command", "demo");
        about.put("film", "phantom");
        about.put("figure", figure);
        about.put("notice", Metadata.NOTICE);
        return Metadata.text(about);
    }

    private static Picture drawn(String figure) {
        return DemoFigures.draw(figure).orElseThrow();
    }

    private Example editing(String name, boolean keep, DemoTasks.Edit e, String original) {
        Example command = new Example("edit").with("--image", file(name + "-1"), "--edit-mask",
                file(name + "-edit-mask"));
        if (keep) {
            command.with("--keep-mask", file(name + "-keep-mask"));
        }
        return sampled(command.with("--mask-rule", "any", "--prompt", e.prompt(), "--original-text", original,
                "--model", DemoModel.NAME));
    }

    private EditRequest request(String name, DemoTasks.Edit e, boolean keep, String original, Example command) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        inputs.put("film", Map.of("figure", name + "-1"));
        inputs.put("edit_mask", List.of(Map.of("figure", name + "-edit-mask")));
        if (keep) {
            inputs.put("keep_mask", List.of(Map.of("figure", name + "-keep-mask")));
        }
        EditRequest r = new EditRequest(e.film().picture(), e.edit()).prompt(e.prompt()).originalText(original)
                .steps(steps).seed(seed).maskRule(MaskDownsampling.Rule.ANY).note("command_line", command.words())
                .note("inputs", inputs);
        return keep ? r.keepMask(e.keep()) : r;
    }

    private static String scores(Result r) {
        Judgement j = r.judgement();
        return j == null
                ? "without scores"
                : String.format(Locale.ROOT, "image-text score %.2f, edit score %.2f", j.best().imageText(),
                        j.best().edit());
    }

    private void show(String name, Picture picture, String caption, Map<String, String> about) throws IOException {
        page.figure(picture, caption, about);
        figures.add(new Figure(name, picture, about));
    }
}
