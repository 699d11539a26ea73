package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.audit.LocalAudit;
import radedit.audit.AuditedNetwork;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.exec.Workers;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.RunOptions;
import radedit.tensor.Tensor;

/** radedit audit local. */
@Command(name = "local", mixinStandardHelpOptions = true, description = {
        "Runs one network and compares every operation with its definition in double precision.",
        "Both get the same inputs, so each operation's own error shows; operations are those after fusion. Each error is"
                + " held against a bound that follows from the operation's sums, precision and algorithm. Operations"
                + " beyond their bounds are listed first, then those with the largest errors."})
final class AuditLocalCommand implements Callable<Integer> {
    @Mixin
    private PartOptions part;

    @Option(names = "--tolerance", paramLabel = "X", description = "largest relative error of an operation, besides its bound (default: none)")
    private @Nullable Double tolerance;

    @Option(names = "--cumulative", description = "also run the whole network in double precision and list each operation's error with all that came before it")
    private boolean cumulative;

    @Option(names = "--top", paramLabel = "N", defaultValue = "10", description = "how many operations to list (default: ${DEFAULT-VALUE})")
    private int top;

    @Option(names = "--json", description = "print one JSON document with all operations, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (top < 1) {
            throw new InvalidRequestException("--top must be at least 1, not " + top);
        }
        NumberConverters.requireNotNegative("--tolerance", tolerance);
        AuditedNetwork run = part.part();
        Map<String, Tensor> given = part.given();
        RunOptions options = model.options(0);
        List<LocalAudit.Row> rows = new ArrayList<>();
        int threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        String device;
        try (Backend tested = options.open(console.to(spec.commandLine().getErr()));
                Backend exact = Backends.open("reference", threads);
                Workers workers = new Workers(threads)) {
            LocalAudit audit = new LocalAudit(tested, exact, workers, cumulative, rows::add);
            part.run(() -> run.run(model.folder(), given, audit));
            device = tested.label();
        }
        // What is beyond its bound comes first, then the largest errors; NaN is the largest.
        List<LocalAudit.Row> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.<LocalAudit.Row>comparingDouble(r -> r.isBeyond() ? r.share() : 0)
                .thenComparingDouble(LocalAudit.Row::error).reversed());
        long beyond = rows.stream().filter(LocalAudit.Row::isBeyond).count();
        long intolerable = rows.stream().filter(r -> !isTolerable(r)).count();
        boolean holds = beyond == 0 && intolerable == 0;
        if (json) {
            spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(
                    Map.of("backend", device, "holds", holds, "operations",
                            sorted.stream().map(r -> document(r, rows.indexOf(r))).toList())));
        } else if (!console.quiet()) {
            list(run.label() + " on " + device, sorted);
            if (cumulative && !rows.isEmpty()) {
                LocalAudit.Row most = Collections.max(rows, Comparator.comparingDouble(LocalAudit.Row::cumulative));
                spec.commandLine().getOut().printf(
                        "drift of the whole network: %.1e at its end (%s), at most %.1e (%s)%n",
                        rows.getLast().cumulative(), rows.getLast().name(), most.cumulative(), most.name());
            }
        }
        PrintWriter err = spec.commandLine().getErr();
        if (beyond > 0) {
            err.println("radedit: " + beyond + " of " + rows.size()
                    + " operations exceed the bound of their rounding error");
        }
        if (intolerable > 0) {
            err.println(
                    "radedit: " + intolerable + " of " + rows.size() + " operations exceed --tolerance " + tolerance);
        }
        return holds ? Exit.OK : Exit.CHECK;
    }

    private boolean isTolerable(LocalAudit.Row r) {
        return tolerance == null || r.error() <= tolerance;
    }

    private void list(String title, List<LocalAudit.Row> rows) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s: %d operations, those beyond their bounds first, then the largest errors%n", title, rows.size());
        out.printf("%-60s %-10s %8s %8s %8s %8s%s%n", "operation", "kind", "error", "bound", "share", "usual",
                cumulative ? "  cumulative" : "");
        for (LocalAudit.Row r : rows.subList(0, Math.min(top, rows.size()))) {
            out.printf("%-60s %-10s %8.1e %8.1e %8s %8.1e%s%s%n", r.name(), r.operation(), r.error(), r.bound(),
                    share(r.share()), r.estimate(), cumulative ? String.format("  %10.1e", r.cumulative()) : "",
                    remark(r));
        }
    }

    private static String share(double share) {
        return share > 10 ? String.format("%.1e", share) : String.format("%.1f %%", 100 * share);
    }

    private String remark(LocalAudit.Row r) {
        return r.isBeyond()
                ? "  BEYOND ITS BOUND"
                : !isTolerable(r) ? "  beyond --tolerance" : r.isLoose() ? "  loose" : "";
    }

    private Map<String, @Nullable Object> document(LocalAudit.Row r, int order) {
        Map<String, @Nullable Object> m = new LinkedHashMap<>();
        m.put("name", r.name());
        m.put("order", order);
        m.put("operation", r.operation());
        m.put("error", r.error());
        m.put("worst", r.maxDifference());
        m.put("bound", finite(r.bound()));
        m.put("share", finite(r.share()));
        m.put("estimate", r.estimate());
        if (cumulative) {
            m.put("cumulative", r.cumulative());
        }
        m.put("loose", r.isLoose());
        m.put("beyond", r.isBeyond());
        m.put("holds", !r.isBeyond() && isTolerable(r));
        return m;
    }

    /** Null for what JSON has no number for. */
    private static @Nullable Double finite(double v) {
        return Double.isFinite(v) ? v : null;
    }
}
