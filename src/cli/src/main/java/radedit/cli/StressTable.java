package radedit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import radedit.stress.evaluate.Estimate;
import radedit.stress.evaluate.Evaluation;
import radedit.stress.evaluate.Group;

/** The headline numbers of an evaluation, for people. */
final class StressTable {
    private static final List<String> SHOWN = List.of("accuracy_before", "accuracy_after", "score_before",
            "score_after", "flips_from_no", "flips_from_yes", "dice", "hausdorff95", "dice_before", "dice_after",
            "hausdorff95_before", "hausdorff95_after");

    private StressTable() {
    }

    static void print(Evaluation e, PrintWriter out) {
        for (Evaluation.ModelResult m : e.models()) {
            out.println(m.name());
            for (Group.Table t : m.tables()) {
                if (t.group().isWhole()) {
                    Map<String, Estimate> by = t.estimates().stream()
                            .collect(Collectors.toMap(Estimate::metric, x -> x));
                    out.printf("  %s (%d cases of %d patients)%n", t.group().label(), t.cases(), t.patients());
                    SHOWN.stream().map(by::get).filter(Objects::nonNull)
                            .forEach(x -> out.printf("    %-16s %s%n", x.metric().replace('_', ' '), words(x)));
                }
            }
        }
    }

    private static String words(Estimate e) {
        if (Double.isNaN(e.value())) {
            return "undefined";
        }
        return String.format(Locale.ROOT, "%.3f", e.value()) + e.interval()
                .map(i -> String.format(Locale.ROOT, "  (%.3f to %.3f)", i.low(), i.high())).orElse("");
    }
}
