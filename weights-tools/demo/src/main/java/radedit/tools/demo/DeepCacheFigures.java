package radedit.tools.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.ToDoubleBiFunction;

import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.tools.phantom.Finding;
import radedit.tools.phantom.Judge;
import radedit.tools.phantom.Judgement;

/**
 * What steps that share the UNet's deep features change: the deviation from the exact result, of the latent and in grey
 * levels, and what the judge of phantoms says.
 */
final class DeepCacheFigures {
    private static final int[] INTERVALS = {1, 2, 3, 5, 10};
    private static final int STEPS = 100;
    private static final long SEED = 3000;

    private final RadEdit radEdit;
    private final PrintStream out;

    DeepCacheFigures(RadEdit radEdit, PrintStream out) {
        this.radEdit = radEdit;
        this.out = out;
    }

    /** Films of prompts with a finding: how many show it, on its side only. */
    void films(int n) {
        List<DemoTasks.Prompt> prompts = DemoTasks.findings(n);
        print("generate, " + STEPS + " steps: shows the finding of " + n, n,
                (i, interval) -> radEdit.generate(new GenerateRequest(prompts.get(i).text()).steps(STEPS).seed(SEED + i)
                        .deepCache(interval)),
                (i, film) -> {
                    DemoTasks.Prompt p = prompts.get(i);
                    Judgement j = Judge.judge(film);
                    return j.isChest() && j.shows(p.kind(), p.side())
                            && (p.side() == null || !j.shows(p.kind(), p.side().other())) ? 1 : 0;
                });
    }

    /** Removals: how many pneumothoraces are gone while the drain stays. */
    void edits(int n) {
        IntFunction<DemoTasks.Edit> task = DemoTasks::removePneumothorax;
        List<DemoTasks.Edit> tasks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            tasks.add(task.apply(i));
        }
        print("edit, " + STEPS + " steps, skip ratio 0.3: removed, drain kept of " + n, n, (i, interval) -> {
            DemoTasks.Edit e = tasks.get(i);
            return radEdit.edit(new EditRequest(e.film().picture(), e.edit()).keepMask(e.keep()).prompt(e.prompt(), 7.5)
                    .steps(STEPS).skipRatio(0.3).seed(SEED + i).deepCache(interval));
        }, (i, after) -> {
            DemoTasks.Edit e = tasks.get(i);
            Judgement j = Judge.judge(after);
            boolean drain = j.drains().contains(e.side()) && new DrainCheck(e.keep(), e.edit())
                    .kept(e.film().picture(), after) >= DemoEvaluation.WHOLE;
            return !j.shows(Finding.Kind.PNEUMOTHORAX, null) && drain ? 1 : 0;
        });
    }

    /** Makes the i-th result with an interval. */
    private interface Maker {
        Result make(int i, int interval);
    }

    private void print(String what, int n, Maker maker, ToDoubleBiFunction<Integer, Picture> good) {
        out.println("deep cache\tlatent deviation\tgrey levels\t" + what);
        List<Result> exact = new ArrayList<>();
        for (int interval : INTERVALS) {
            double latent = 0;
            double grey = 0;
            double count = 0;
            for (int i = 0; i < n; i++) {
                Result r = maker.make(i, interval);
                if (interval == 1) {
                    exact.add(r);
                }
                latent += relative(r.latents().data(), exact.get(i).latents().data()) / n;
                grey += meanDifference(r.grey(0), exact.get(i).grey(0)) / n;
                count += good.applyAsDouble(i, r.grey(0));
            }
            out.printf(Locale.ROOT, "%d\t%.3f\t%.2f\t%.0f%n", interval, latent, grey, count);
            out.flush();
        }
    }

    private static double relative(double[] a, double[] b) {
        double square = 0;
        double of = 0;
        for (int i = 0; i < a.length; i++) {
            square += (a[i] - b[i]) * (a[i] - b[i]);
            of += b[i] * b[i];
        }
        return Math.sqrt(square / of);
    }

    private static double meanDifference(Picture a, Picture b) {
        double sum = 0;
        for (int i = 0; i < a.samples().length; i++) {
            sum += Math.abs((a.samples()[i] & 0xff) - (b.samples()[i] & 0xff));
        }
        return sum / a.samples().length;
    }
}
