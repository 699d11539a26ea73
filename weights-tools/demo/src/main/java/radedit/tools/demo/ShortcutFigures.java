package radedit.tools.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ToDoubleBiFunction;

import radedit.audit.TensorErrors;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.pipeline.SamplingRequest;
import radedit.tools.phantom.Judge;

/**
 * What fewer or cheaper evaluations change at the same number of steps: the deviation from the exact result, of the latent and
 * in grey levels, what the judge of phantoms says, and the image-text score.
 */
final class ShortcutFigures {
    private static final int[] DEEP_CACHE = {2, 3, 5, 10};
    private static final double[][] INTERVALS = {{0, 0.8}, {0, 0.6}, {0, 0.4}, {0, 0.2}, {0.2, 1}, {0.4, 1}, {0.6, 1},
            {0.2, 0.8}};
    private static final double[] UNGUIDED_AFTER = {0.8, 0.6, 0.4, 0.25};
    private static final int STEPS = 100;
    private static final long SEED = 3000;

    private final RadEdit radEdit;
    private final ToDoubleBiFunction<Picture, String> score;
    private final PrintStream out;

    /**
     * @param score
     *            image-text score of a film and a text
     */
    ShortcutFigures(RadEdit radEdit, ToDoubleBiFunction<Picture, String> score, PrintStream out) {
        this.radEdit = radEdit;
        this.score = score;
        this.out = out;
    }

    /** Films of prompts with a finding: how many show it, on its side only. */
    void films(int n) {
        if (n == 0) {
            return;
        }
        List<DemoTasks.Prompt> prompts = DemoTasks.findings(n);
        Map<String, Consumer<GenerateRequest>> all = ShortcutFigures.<GenerateRequest>shortcuts();
        for (double x : UNGUIDED_AFTER) {
            all.put("unguided-after " + x, r -> r.unguidedAfter(x));
        }
        out.println(
                "films of " + STEPS + " steps\tevaluations\tlatent deviation\tgrey levels\tshown of " + n + "\tscore");
        print(n, all, i -> new GenerateRequest(prompts.get(i).text()).steps(STEPS).seed(SEED + i), radEdit::generate,
                i -> prompts.get(i).text(), (i, film) -> prompts.get(i).isShown(Judge.judge(film)));
    }

    /** Removals, with everything outside the edit mask kept: how many pneumothoraces are gone while the drain stays. */
    void edits(int n) {
        if (n == 0) {
            return;
        }
        List<DemoTasks.Edit> tasks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            tasks.add(DemoTasks.removePneumothorax(i));
        }
        out.println(
                "edits of " + STEPS + " steps\tevaluations\tlatent deviation\tgrey levels\tremoved, drain kept of " + n
                        + "\tscore");
        print(n, ShortcutFigures.<EditRequest>shortcuts(), i -> {
            DemoTasks.Edit e = tasks.get(i);
            Mask outside = Mask.filled(e.edit().width(), e.edit().height(), true).difference(e.edit());
            return new EditRequest(e.film().picture(), e.edit()).keepMask(e.keep().union(outside))
                    .prompt(e.prompt(), 7.5)
                    .steps(STEPS).skipRatio(0.3).seed(SEED + i);
        }, radEdit::edit, i -> tasks.get(i).prompt(), (i, after) -> tasks.get(i).isRemoved(after));
    }

    private static <R extends SamplingRequest<R>> Map<String, Consumer<R>> shortcuts() {
        Map<String, Consumer<R>> all = new LinkedHashMap<>();
        all.put("none", r -> {});
        for (int n : DEEP_CACHE) {
            all.put("deep-cache " + n, r -> r.deepCache(n));
        }
        for (double[] i : INTERVALS) {
            all.put("guidance-interval " + i[0] + "," + i[1], r -> r.guidanceInterval(i[0], i[1]));
        }
        return all;
    }

    /** Serves a request. */
    private interface Service<R> {
        Result serve(R request, EvaluationCounter counter);
    }

    private <R> void print(int n, Map<String, Consumer<R>> shortcuts, IntFunction<R> request, Service<R> service,
            IntFunction<String> text, BiPredicate<Integer, Picture> good) {
        List<Result> exact = new ArrayList<>();
        shortcuts.forEach((name, shorten) -> {
            double latent = 0;
            double grey = 0;
            int count = 0;
            double scores = 0;
            EvaluationCounter counter = new EvaluationCounter();
            for (int i = 0; i < n; i++) {
                R q = request.apply(i);
                shorten.accept(q);
                Result r = service.serve(q, counter);
                if (exact.size() < n) {
                    exact.add(r);
                }
                latent += TensorErrors.relative(r.latents(), exact.get(i).latents()) / n;
                grey += meanDifference(r.grey(0), exact.get(i).grey(0)) / n;
                count += good.test(i, r.grey(0)) ? 1 : 0;
                scores += score.applyAsDouble(r.grey(0), text.apply(i)) / n;
            }
            out.printf(Locale.ROOT, "%s\t%d\t%.3f\t%.2f\t%d\t%.3f%n", name, counter.evaluations() / n, latent, grey,
                    count,
                    scores);
            out.flush();
        });
    }

    private static double meanDifference(Picture a, Picture b) {
        double sum = 0;
        for (int i = 0; i < a.samples().length; i++) {
            sum += Math.abs((a.samples()[i] & 0xff) - (b.samples()[i] & 0xff));
        }
        return sum / a.samples().length;
    }
}
