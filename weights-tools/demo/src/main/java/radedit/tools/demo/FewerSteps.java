package radedit.tools.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.NamedModels;
import radedit.diffusion.SamplerMethod;
import radedit.imaging.Film;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.pipeline.Scorer;
import radedit.tools.phantom.Judge;

/**
 * Measures what fewer steps cost: films of the demo model by every sampler, and pneumothoraces removed with fewer steps and
 * other skip ratios, by the judge of phantoms and by the image-text score; and what cheaper or fewer evaluations, or
 * rounded operands, change at the same number of steps. {@code FewerSteps
 * THREADS FILMS EDITS [FIGURES]}; bench/fewer-steps runs it. Rows are printed as they are measured.
 */
public final class FewerSteps {
    private static final int[] STEPS = {100, 50, 25, 15, 10};
    private static final double[] SKIP_RATIOS = {0.15, 0.3, 0.5};
    private static final long SEED = 3000;

    private final RadEdit radEdit;
    private final Scorer scorer;
    private final PrintStream out;

    private FewerSteps(RadEdit radEdit, Scorer scorer, PrintStream out) {
        this.radEdit = radEdit;
        this.scorer = scorer;
        this.out = out;
    }

    /**
     * Runs all measurements.
     *
     * @param args
     *            number of threads, of films for each row, and of edits for each row; 0 for no such rows; then {@code steps},
     *            {@code shortcuts} or {@code precision} for these alone
     */
    public static void main(String[] args) {
        ModelFolder model = ModelFolder.of(NamedModels.resolve(Path.of("demo"), Map.of()));
        RunOptions options = new RunOptions("cpu", Integer.parseInt(args[0]), 0);
        try (RadEdit radEdit = RadEdit.open(model, options); Scorer scorer = Scorer.open(model, options)) {
            FewerSteps all = new FewerSteps(radEdit, scorer, System.out);
            ShortcutFigures shortcuts = new ShortcutFigures(
                    p -> RadEdit.open(model, options.emulating(p)), all::score, System.out);
            int films = Integer.parseInt(args[1]);
            int edits = Integer.parseInt(args[2]);
            String what = args.length > 3 ? args[3] : "";
            if (what.isEmpty() || what.equals("steps")) {
                all.films(films);
                all.edits(edits);
            }
            if (what.isEmpty() || what.equals("shortcuts")) {
                shortcuts.films(films);
                shortcuts.edits(edits);
            }
            if (what.isEmpty() || what.equals("precision")) {
                shortcuts.roundedFilms(films);
                shortcuts.roundedEdits(edits);
            }
        }
    }

    /** Films of prompts with a finding: how many show it, on its side only, and how well they fit the prompt. */
    private void films(int n) {
        if (n == 0) {
            return;
        }
        out.println("sampler\tsteps\tevaluations\tshown of " + n + "\tscore");
        for (SamplerMethod method : SamplerMethod.values()) {
            for (int steps : STEPS) {
                if (method == SamplerMethod.LCM ? steps <= 50 : method == SamplerMethod.DDIM || steps <= 50) {
                    films(n, method, steps);
                }
            }
        }
    }

    private void films(int n, SamplerMethod method, int steps) {
        List<DemoTasks.Prompt> prompts = DemoTasks.findings(n);
        int shown = 0;
        double score = 0;
        EvaluationCounter counter = new EvaluationCounter();
        for (int i = 0; i < n; i++) {
            DemoTasks.Prompt p = prompts.get(i);
            Picture film = radEdit.generate(
                    new GenerateRequest(p.text()).steps(steps).sampler(method).seed(SEED + i), counter).grey(0);
            shown += p.isShown(Judge.judge(film)) ? 1 : 0;
            score += score(film, p.text()) / n;
        }
        out.printf(Locale.ROOT, "%s\t%d\t%d\t%d\t%.3f%n", method, steps, counter.evaluations() / n, shown, score);
        out.flush();
    }

    private double score(Picture film, String text) {
        return Scorer.cosine(scorer.film(Film.of(film, "film")).embedding(), scorer.text(List.of(text)));
    }

    /** Removals: how many pneumothoraces are gone while the drain stays, and how well the result fits the prompt. */
    private void edits(int n) {
        if (n == 0) {
            return;
        }
        out.println("steps\tskip ratio\tevaluations\tremoved, drain kept of " + n + "\tscore");
        List<DemoTasks.Edit> tasks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            tasks.add(DemoTasks.removePneumothorax(i));
        }
        for (int steps : STEPS) {
            for (double skip : SKIP_RATIOS) {
                int good = 0;
                double score = 0;
                EvaluationCounter counter = new EvaluationCounter();
                for (int i = 0; i < n; i++) {
                    DemoTasks.Edit e = tasks.get(i);
                    EditRequest r = new EditRequest(e.film().picture(), e.edit()).keepMask(e.keep())
                            .prompt(e.prompt(), 7.5).steps(steps).skipRatio(skip).seed(SEED + i);
                    Picture after = radEdit.edit(r, counter).grey(0);
                    good += e.isRemoved(after) ? 1 : 0;
                    score += score(after, e.prompt()) / n;
                }
                out.printf(Locale.ROOT, "%d\t%.2f\t%d\t%d\t%.3f%n", steps, skip, counter.evaluations() / n, good,
                        score);
                out.flush();
            }
        }
    }
}
