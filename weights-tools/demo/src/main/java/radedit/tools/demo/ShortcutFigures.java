package radedit.tools.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
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
import radedit.tensor.Precision;
import radedit.tools.phantom.Judge;

/**
 * What fewer or cheaper evaluations, or rounded operands, change at the same number of steps: the deviation from the exact result, of the latent and
 * in grey levels, what the judge of phantoms says, and the image-text score.
 */
final class ShortcutFigures {
    private static final int[] DEEP_CACHE = {2, 3, 5, 10};
    private static final double[][] INTERVALS = {{0, 0.8}, {0, 0.6}, {0, 0.4}, {0, 0.2}, {0.2, 1}, {0.4, 1}, {0.6, 1},
            {0.2, 0.8}};
    private static final double[] UNGUIDED_AFTER = {0.8, 0.6, 0.4, 0.25};
    private static final int STEPS = 100;
    private static final long SEED = 3000;

    private final Function<Precision, RadEdit> open;
    private final ToDoubleBiFunction<Picture, String> score;
    private final PrintStream out;

    /**
     * @param open
     *            opens the model with the operands of GEMMs rounded
     * @param score
     *            image-text score of a film and a text
     */
    ShortcutFigures(Function<Precision, RadEdit> open, ToDoubleBiFunction<Picture, String> score, PrintStream out) {
        this.open = open;
        this.score = score;
        this.out = out;
    }

    /**
     * What differs from the exact run.
     *
     * @param shorten
     *            changes the request
     * @param precision
     *            to what operands are rounded
     */
    private record Variant<R>(Consumer<R> shorten, Precision precision) {}

    /** Films of prompts with a finding: how many show it, on its side only. */
    void films(int n) {
        Map<String, Variant<GenerateRequest>> all = ShortcutFigures.<GenerateRequest>shortcuts();
        for (double x : UNGUIDED_AFTER) {
            all.put("unguided-after " + x, new Variant<>(r -> r.unguidedAfter(x), Precision.NONE));
        }
        films(n, all);
    }

    /** The same films with rounded operands. */
    void roundedFilms(int n) {
        films(n, rounded());
    }

    private void films(int n, Map<String, Variant<GenerateRequest>> all) {
        if (n == 0) {
            return;
        }
        List<DemoTasks.Prompt> prompts = DemoTasks.findings(n);
        out.println(
                "films of " + STEPS + " steps\tevaluations\tlatent deviation\tgrey levels\tshown of " + n + "\tscore");
        print(n, all, i -> new GenerateRequest(prompts.get(i).text()).steps(STEPS).seed(SEED + i),
                (radEdit, r, counter) -> radEdit.generate(r, counter),
                i -> prompts.get(i).text(), (i, film) -> prompts.get(i).isShown(Judge.judge(film)));
    }

    /** Removals, with everything outside the edit mask kept: how many pneumothoraces are gone while the drain stays. */
    void edits(int n) {
        edits(n, shortcuts());
    }

    /** The same removals with rounded operands. */
    void roundedEdits(int n) {
        edits(n, rounded());
    }

    private void edits(int n, Map<String, Variant<EditRequest>> all) {
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
        print(n, all, i -> {
            DemoTasks.Edit e = tasks.get(i);
            Mask outside = Mask.filled(e.edit().width(), e.edit().height(), true).difference(e.edit());
            return new EditRequest(e.film().picture(), e.edit()).keepMask(e.keep().union(outside))
                    .prompt(e.prompt(), 7.5)
                    .steps(STEPS).skipRatio(0.3).seed(SEED + i);
        }, (radEdit, r, counter) -> radEdit.edit(r, counter), i -> tasks.get(i).prompt(),
                (i, after) -> tasks.get(i).isRemoved(after));
    }

    private static <R extends SamplingRequest<R>> Map<String, Variant<R>> shortcuts() {
        Map<String, Variant<R>> all = new LinkedHashMap<>();
        all.put("none", new Variant<>(r -> {}, Precision.NONE));
        for (int n : DEEP_CACHE) {
            all.put("deep-cache " + n, new Variant<>(r -> r.deepCache(n), Precision.NONE));
        }
        for (double[] i : INTERVALS) {
            all.put("guidance-interval " + i[0] + "," + i[1],
                    new Variant<>(r -> r.guidanceInterval(i[0], i[1]), Precision.NONE));
        }
        return all;
    }

    private static <R> Map<String, Variant<R>> rounded() {
        Map<String, Variant<R>> all = new LinkedHashMap<>();
        for (Precision p : Precision.values()) {
            all.put(p.label(), new Variant<>(r -> {}, p));
        }
        return all;
    }

    /** Serves a request. */
    private interface Service<R> {
        Result serve(RadEdit radEdit, R request, EvaluationCounter counter);
    }

    private <R> void print(int n, Map<String, Variant<R>> variants, IntFunction<R> request, Service<R> service,
            IntFunction<String> text, BiPredicate<Integer, Picture> good) {
        List<Result> exact = new ArrayList<>();
        variants.forEach((name, variant) -> {
            double latent = 0;
            double grey = 0;
            int count = 0;
            double scores = 0;
            EvaluationCounter counter = new EvaluationCounter();
            try (RadEdit radEdit = open.apply(variant.precision())) {
                for (int i = 0; i < n; i++) {
                    R q = request.apply(i);
                    variant.shorten().accept(q);
                    Result r = service.serve(radEdit, q, counter);
                    if (exact.size() < n) {
                        exact.add(r);
                    }
                    latent += TensorErrors.relative(r.latents(), exact.get(i).latents()) / n;
                    grey += meanDifference(r.grey(0), exact.get(i).grey(0)) / n;
                    count += good.test(i, r.grey(0)) ? 1 : 0;
                    scores += score.applyAsDouble(r.grey(0), text.apply(i)) / n;
                }
            }
            out.printf(Locale.ROOT, "%s\t%d\t%.5f\t%.3f\t%d\t%.3f%n", name, counter.evaluations() / n, latent, grey,
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
