package radedit.tools.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import radedit.files.OutputFile;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Scorer;
import radedit.tools.phantom.Finding;
import radedit.tools.phantom.Judge;
import radedit.tools.phantom.Judgement;

/**
 * Measures the demo model with a judge that only looks at geometry: films generated with and without a finding in the
 * prompt, effusions added, pneumothoraces removed while the drain is kept.
 */
public final class DemoEvaluation {
    private static final int BATCH = 10;
    /**
     * Share of a drain's rows that must keep their contrast. The decoder mixes a kept cell with its neighbours, so the
     * last pixels at a tip may fade.
     */
    static final double WHOLE = 0.8;

    /**
     * What to measure.
     *
     * @param films
     *            number of films generated with a finding, and again without
     * @param edits
     *            number of additions, and of removals
     * @param steps
     *            sampling steps of each generation and edit
     * @param guidance
     *            guidance scale of generations
     * @param weight
     *            guidance weight of edits
     * @param pictures
     *            folder for contact sheets of the results; null for none
     */
    public record Settings(int films, int edits, int steps, double guidance, double weight, @Nullable Path pictures) {}

    private final RadEdit radEdit;
    private final Scorer scorer;
    private final Settings settings;
    private final Map<String, Object> report = new LinkedHashMap<>();

    /**
     * Prepares an evaluation.
     *
     * @param radEdit
     *            runs the demo model
     * @param scorer
     *            scores with the demo model
     * @param settings
     *            what to measure
     */
    public DemoEvaluation(RadEdit radEdit, Scorer scorer, Settings settings) {
        this.radEdit = radEdit;
        this.scorer = scorer;
        this.settings = settings;
    }

    /**
     * Runs the whole evaluation.
     *
     * @return results by what was measured, in words, in order
     * @throws IOException
     *            if a contact sheet cannot be written
     */
    public Map<String, Object> run() throws IOException {
        findings(settings.films());
        normals(settings.films());
        additions(settings.edits());
        removals(settings.edits());
        report.putAll(new ScoreEvaluation(scorer).run(2 * settings.films()));
        return report;
    }

    private void findings(int films) throws IOException {
        List<DemoTasks.Prompt> prompts = DemoTasks.findings(films);
        List<Picture> pictures = generate(prompts.stream().map(DemoTasks.Prompt::text).toList(), 1000);
        Proportion all = new Proportion(0, 0);
        Proportion alone = new Proportion(0, 0);
        Map<Finding.Kind, Proportion> kinds = new TreeMap<>();
        for (int i = 0; i < films; i++) {
            DemoTasks.Prompt p = prompts.get(i);
            Judgement j = Judge.judge(pictures.get(i));
            boolean shown = p.isShown(j);
            all = all.plus(shown);
            alone = alone.plus(shown && onlyKind(j, p.kind()));
            kinds.put(p.kind(), kinds.getOrDefault(p.kind(), new Proportion(0, 0)).plus(shown));
        }
        report.put("films that show the finding of the prompt, on its side only", all);
        kinds.forEach((kind, n) -> report.put("  " + kind.word(), n));
        report.put("  and no other finding", alone);
        picture("findings", pictures);
    }

    private static boolean onlyKind(Judgement j, Finding.Kind kind) {
        return Arrays.stream(Finding.Kind.values()).allMatch(k -> k == kind || !j.shows(k, null));
    }

    private void normals(int films) throws IOException {
        List<String> prompts = new ArrayList<>();
        for (int i = 0; i < films; i++) {
            prompts.add(DemoTasks.NORMAL.get(i % DemoTasks.NORMAL.size()));
        }
        List<Picture> pictures = generate(prompts, 2000);
        Proportion any = new Proportion(0, 0);
        for (Picture film : pictures) {
            Judgement j = Judge.judge(film);
            any = any.plus(j.showsAny() || !j.isChest());
        }
        report.put("films of normal prompts that show any finding or no chest", any);
        picture("normal", pictures);
    }

    private void additions(int edits) throws IOException {
        Proportion added = new Proportion(0, 0);
        Proportion both = new Proportion(0, 0);
        double change = 0;
        double most = 0;
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < edits; i++) {
            DemoTasks.Edit e = DemoTasks.addEffusion(i);
            Picture before = roundTrip(e, i);
            Picture after = edit(e, i);
            Judgement j = Judge.judge(after);
            double kept = difference(before, after, e.keep());
            boolean shown = j.shows(Finding.Kind.EFFUSION, e.side())
                    && !j.shows(Finding.Kind.EFFUSION, e.side().other());
            added = added.plus(shown);
            both = both.plus(shown && kept < 1);
            change += kept / edits;
            most = Math.max(most, kept);
            pictures.add(e.film().picture());
            pictures.add(after);
        }
        report.put("effusions added in the mask", added);
        report.put("  and the kept region changed by less than 1 grey level", both);
        report.put("  change of the kept region, mean and largest",
                String.format(Locale.ROOT, "%.3f, %.3f grey levels", change, most));
        picture("added", pictures);
    }

    private void removals(int edits) throws IOException {
        Proportion removed = new Proportion(0, 0);
        Proportion kept = new Proportion(0, 0);
        Proportion both = new Proportion(0, 0);
        Proportion seen = new Proportion(0, 0);
        double least = 1;
        double mean = 0;
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < edits; i++) {
            DemoTasks.Edit e = DemoTasks.removePneumothorax(i);
            Picture film = roundTrip(e, i);
            Judgement before = Judge.judge(film);
            Picture after = edit(e, i);
            Judgement j = Judge.judge(after);
            boolean gone = !j.shows(Finding.Kind.PNEUMOTHORAX, null);
            double whole = new DrainCheck(e.keep(), e.edit()).kept(film, after);
            boolean drain = j.drains().contains(e.side()) && whole >= WHOLE;
            least = Math.min(least, whole);
            mean += whole / edits;
            seen = seen.plus(before.shows(Finding.Kind.PNEUMOTHORAX, e.side()) && before.drains().contains(e.side()));
            removed = removed.plus(gone);
            kept = kept.plus(drain);
            both = both.plus(gone && drain);
            pictures.add(e.film().picture());
            pictures.add(after);
        }
        report.put("pneumothoraces removed and the drain kept", both);
        report.put("  removed", removed);
        report.put("  drain kept, by the judge and by its pixels", kept);
        report.put("  rows of the drain that keep half of its contrast, mean and least",
                String.format(Locale.ROOT, "%.1f %%, %.1f %%", 100 * mean, 100 * least));
        report.put("  both visible after the VAE round trip, before the edit", seen);
        picture("removed", pictures);
    }

    private List<Picture> generate(List<String> prompts, long seed) {
        List<Picture> pictures = new ArrayList<>();
        for (int from = 0; from < prompts.size(); from += BATCH) {
            var result = radEdit.generate(new GenerateRequest(
                    prompts.subList(from, Math.min(from + BATCH, prompts.size()))).steps(settings.steps())
                    .seed(seed + from)
                    .guidance(settings.guidance()));
            for (int i = 0; i < result.count(); i++) {
                pictures.add(result.grey(i));
            }
        }
        return pictures;
    }

    private Picture edit(DemoTasks.Edit e, long seed) {
        return radEdit.edit(new EditRequest(e.film().picture(), e.edit()).keepMask(e.keep())
                .prompt(e.prompt(), settings.weight()).steps(settings.steps()).seed(seed)).grey(0);
    }

    /** The film edited with everything kept: the error of the VAE alone, with the same noise. */
    private Picture roundTrip(DemoTasks.Edit e, long seed) {
        boolean[] all = new boolean[e.edit().pixels().length];
        Arrays.fill(all, true);
        Mask everything = new Mask(e.edit().width(), e.edit().height(), all);
        return radEdit.edit(new EditRequest(e.film().picture(), everything).keepMask(everything).prompt("", 0).steps(2)
                .skipRatio(0.5).seed(seed)).grey(0);
    }

    private static double difference(Picture a, Picture b, Mask where) {
        double sum = 0;
        for (int i = 0; i < where.pixels().length; i++) {
            sum += where.pixels()[i] ? Math.abs((a.samples()[i] & 0xFF) - (b.samples()[i] & 0xFF)) : 0;
        }
        return sum / where.count();
    }

    /** Writes a contact sheet, ten pictures in a row. */
    private void picture(String name, List<Picture> pictures) throws IOException {
        Path place = settings.pictures();
        if (place == null) {
            return;
        }
        int n = pictures.getFirst().width();
        int rows = (pictures.size() + 9) / 10;
        byte[] sheet = new byte[10 * n * rows * n];
        for (int i = 0; i < pictures.size(); i++) {
            for (int y = 0; y < n; y++) {
                System.arraycopy(pictures.get(i).samples(), y * n, sheet, (i / 10 * n + y) * 10 * n + i % 10 * n, n);
            }
        }
        Path folder = Files.createDirectories(place);
        OutputFile.write(folder.resolve(name + ".png"),
                out -> Images.writePng(out, new Picture(10 * n, rows * n, 1, sheet), Map.of()));
    }
}
