package radedit.tools.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import radedit.diffusion.MaskBlend;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.Outline;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Judgement;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.pipeline.Scorer;

/**
 * What the program does, shown with the demo model on one page: films generated from prompts, their scores against all the
 * prompts, a finding added, a finding removed with and without a keep mask.
 */
public final class Gallery {
    static final List<String> PROMPTS = List.of("No acute cardiopulmonary process",
            "Large left-sided pleural effusion", "Large right pneumothorax", "Cardiomegaly");
    private static final String NORMAL = "No acute cardiopulmonary process";

    private final RadEdit radEdit;
    private final Scorer scorer;
    private final int steps;
    private final long seed;
    private final Listener listener;
    private final Page page = new Page("RadEdit gallery");
    private final List<Figure> figures = new ArrayList<>();

    /** A picture of the gallery and the file name it goes by. */
    public record Figure(String name, Picture picture) {}

    /**
     * @param steps
     *            of each generation and edit
     * @param seed
     *            of their noise
     */
    public Gallery(RadEdit radEdit, Scorer scorer, int steps, long seed, Listener listener) {
        this.radEdit = radEdit;
        this.scorer = scorer;
        this.steps = steps;
        this.seed = seed;
        this.listener = listener;
    }

    /** Makes all pictures and returns the page. */
    public String html() throws IOException {
        page.notice("Research use only, never clinical. These films come from the demo model, which learnt from synthetic"
                + " phantoms: drawings of chests, not radiographs. They show what the program does, not how real films"
                + " look.");
        generated();
        added();
        removed();
        return page.html();
    }

    /** The pictures, after {@link #html}. */
    public List<Figure> figures() {
        return List.copyOf(figures);
    }

    private void generated() throws IOException {
        Result films = radEdit.generate(new GenerateRequest(PROMPTS).steps(steps).seed(seed), listener);
        page.heading("Generated from text");
        page.text("One command for each, or all in one batch:");
        page.code("radedit generate \"" + PROMPTS.get(1) + "\" --steps " + steps + " --seed " + seed + " -o film.png");
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < PROMPTS.size(); i++) {
            pictures.add(films.grey(i));
            show("generated-" + (i + 1), films.grey(i), PROMPTS.get(i));
        }
        page.endRow();
        page.heading("Scored against every text");
        page.text("The image-text score (radedit score): cosine between film and text, one film a row. A film's own text"
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
        page.text("A healthy phantom; inside the yellow edit mask an effusion is painted, inside the blue keep mask nothing"
                + " may change.");
        page.code("radedit edit --image film.png --edit-mask edit.png --keep-mask keep.png --prompt \"" + e.prompt()
                + "\" --original-text \"" + NORMAL + "\" --steps " + steps + " -o edited.png");
        Result r = radEdit.edit(request(e.film().picture(), e.edit(), e.keep(), e.prompt()).originalText(NORMAL),
                listener);
        show("added-1", e.film().picture(), "film");
        show("added-2", outlined(e.film().picture(), e.edit(), e.keep()), "edit mask, keep mask");
        show("added-3", r.grey(0), e.prompt() + " (" + scores(r.judgement()) + ")");
        page.endRow();
    }

    private void removed() throws IOException {
        DemoTasks.Edit e = DemoTasks.removePneumothorax(0);
        page.heading("A finding removed, the drain kept");
        page.text("Most pneumothoraces in training films come with a chest drain, so an edit that removes one tends to remove"
                + " the other too. The keep mask holds the drain, for testing whether a classifier looks at the drain instead"
                + " of the air.");
        Picture film = e.film().picture();
        String before = "Large " + e.side().word() + " pneumothorax. Chest drain in place.";
        Result kept = radEdit.edit(request(film, e.edit(), e.keep(), e.prompt()).originalText(before), listener);
        Result free = radEdit.edit(request(film, e.edit(), null, e.prompt()).originalText(before), listener);
        show("removed-1", film, "film");
        show("removed-2", outlined(film, e.edit(), e.keep()), "edit mask, keep mask");
        show("removed-3", kept.grey(0), e.prompt() + ", drain kept (" + scores(kept.judgement()) + ")");
        show("removed-4", free.grey(0), e.prompt() + ", without a keep mask (" + scores(free.judgement()) + ")");
        page.endRow();
    }

    private EditRequest request(Picture film, Mask edit, Mask keep, String prompt) {
        EditRequest r = new EditRequest(film, edit).prompt(prompt).steps(steps).seed(seed)
                .maskRule(MaskBlend.Rule.ANY);
        return keep == null ? r : r.keepMask(keep);
    }

    private static String scores(Judgement j) {
        return String.format(Locale.ROOT, "image-text score %.2f, edit score %.2f", j.best().imageText(),
                j.best().edit());
    }

    private void show(String name, Picture picture, String caption) throws IOException {
        page.figure(picture, caption);
        figures.add(new Figure(name, picture));
    }

    private static Picture outlined(Picture film, Mask edit, Mask keep) {
        Picture p = Outline.canvas(film);
        Outline.draw(p, keep, Outline.KEEP);
        Outline.draw(p, edit, Outline.EDIT);
        return p;
    }
}
