package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.stress.Controls;
import radedit.stress.Plan;
import radedit.stress.Shard;
import radedit.stress.StressRun;
import radedit.stress.Summary;
import radedit.stress.Tuning;

/** radedit stress tune. */
@Command(name = "tune", mixinStandardHelpOptions = true, description = {
        "Searches the skip ratio, weight and growth of the mask with which edits reach --min-score most often.",
        "Edits every row with every combination, in a folder that can be continued, and prints a table, the best first."}, footer = {
                "", "Example:",
                "  radedit stress tune manifest.csv -o tuning --min-score 0.2 \\",
                "      --skip-ratios 0.2,0.4 --weights 5,7.5,15"})
final class StressTuneCommand implements Callable<Integer> {
    @Mixin
    private StressInput input;

    @Option(names = {"-o",
            "--output"}, paramLabel = "DIR", required = true, description = "folder of the edits: a new one, or one to continue")
    private Path output;

    @Option(names = "--skip-ratios", paramLabel = "X", split = ",", defaultValue = "0.1,0.3,0.5", description = "skip ratios to try, separated by commas (default: ${DEFAULT-VALUE})")
    private List<Double> skipRatios;

    @Option(names = "--weights", paramLabel = "X", split = ",", defaultValue = "5,7.5,15", description = "weights to try (default: ${DEFAULT-VALUE})")
    private List<Double> weights;

    @Option(names = "--grows", paramLabel = "N", split = ",", defaultValue = "0", description = "pixels to try by which the edit mask grows (default: ${DEFAULT-VALUE})")
    private List<Integer> grows;

    @Option(names = "--json", description = "print the table as JSON")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        Plan plan = input.plan(spec, Controls.NONE, listener);
        if (plan.cases().stream().anyMatch(c -> c.values().first("min_score") == null)) {
            throw new InvalidRequestException(
                    "--min-score is needed, which an edit must reach to be accepted; 0.2 is usual");
        }
        check("--skip-ratios", skipRatios.stream().allMatch(s -> s >= 0 && s < 1), "from 0 to below 1");
        check("--weights", weights.stream().allMatch(Double::isFinite), "finite");
        check("--grows", grows.stream().allMatch(g -> g >= 0 && g <= 1 << 14), "from 0 to 16384");
        checkDistinct("--skip-ratios", skipRatios);
        checkDistinct("--weights", weights);
        checkDistinct("--grows", grows.stream().map(Integer::doubleValue).toList());
        Tuning tuning = new Tuning(skipRatios, weights, grows);
        try (RadEdit radEdit = RadEdit.open(model.folder(), model.options(input.batch()), console);
                StressRun run = StressRun.open(output, tuning.of(plan), input.rows, radEdit,
                        new StressRun.Options(Shard.WHOLE, false), listener)) {
            Summary summary = run.run(radEdit);
            print(tuning.table(run));
            if (summary.failed() > 0 && !console.quiet()) {
                spec.commandLine().getErr().printf("%d of %d edits failed; %s says why%n", summary.failed(),
                        summary.cases(), output.resolve("results.csv"));
            }
            return summary.failed() == 0 ? Exit.OK : Exit.FAILED;
        }
    }

    private static void check(String option, boolean holds, String range) {
        if (!holds) {
            throw new InvalidRequestException(option + " must be " + range);
        }
    }

    /** Refuses a value that is there twice, which would be tried twice under one name. */
    private static void checkDistinct(String option, List<Double> values) {
        Set<Double> seen = new HashSet<>();
        for (double v : values) {
            if (!seen.add(v + 0.0)) { // -0 becomes 0
                throw new InvalidRequestException(option + " has " + Tuning.number(v + 0.0) + " twice; leave one out");
            }
        }
    }

    private void print(List<Tuning.Row> table) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (Tuning.Row r : table) {
                Map<String, Object> m = new LinkedHashMap<>();
                m.put("skip_ratio", r.skipRatio());
                m.put("weight", r.weight());
                m.put("grow_edit_mask", r.grow());
                m.put("edits", r.edits());
                m.put("accepted", r.accepted());
                m.put("mean_score", Double.isNaN(r.meanScore()) ? null : r.meanScore());
                rows.add(m);
            }
            out.println(OutputOptions.JSON.writeValueAsString(Map.of("settings", rows)));
            return;
        }
        out.printf("%10s %8s %6s %9s %7s %10s%n", "skip ratio", "weight", "grow", "accepted", "share", "mean score");
        for (Tuning.Row r : table) {
            out.printf(Locale.ROOT, "%10s %8s %6d %5d/%-3d %6.0f%% %10s%n", r.skipRatio(), r.weight(), r.grow(),
                    r.accepted(), r.edits(), 100 * r.share(), ScoreTable.number(r.meanScore()));
        }
    }
}
