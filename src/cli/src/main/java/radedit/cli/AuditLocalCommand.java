package radedit.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.audit.LocalAudit;
import radedit.audit.AuditedNetwork;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.RunOptions;
import radedit.tensor.Tensor;

/** radedit audit local. */
@Command(name = "local", mixinStandardHelpOptions = true, description = {
        "Runs one network and compares every operation with its definition in double precision.",
        "Both get the same inputs, so each operation's own error shows; operations are those after fusion. The operations"
                + " with the largest errors are listed."})
final class AuditLocalCommand implements Callable<Integer> {
    @Mixin
    private PartOptions part;

    @Option(names = "--tolerance", paramLabel = "X", defaultValue = "1e-5", description = "largest relative error of an operation (default: ${DEFAULT-VALUE})")
    private double tolerance;

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
        if (top < 1 || !(tolerance >= 0)) {
            throw new InvalidRequestException(
                    top < 1
                            ? "--top must be at least 1, not " + top
                            : "--tolerance must be at least 0, not " + tolerance);
        }
        AuditedNetwork run = part.part();
        Map<String, Tensor> given = part.given();
        RunOptions options = model.options(0);
        List<LocalAudit.Row> rows = new ArrayList<>();
        String device;
        try (Backend tested = options.open(console.to(spec.commandLine().getErr()));
                Backend exact = Backends.open("reference", options.threads())) {
            LocalAudit audit = new LocalAudit(tested, exact, rows::add);
            part.run(() -> run.run(model.folder(), given, audit));
            device = tested.name() + " (" + tested.describe() + ")";
        }
        // NaN sorts first, as the worst error.
        rows.sort(Comparator.comparingDouble(LocalAudit.Row::error).reversed());
        long failed = rows.stream().filter(r -> !(r.error() <= tolerance)).count();
        boolean holds = failed == 0;
        if (json) {
            spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(
                    Map.of("backend", device, "holds", holds, "operations",
                            rows.stream().map(this::document).toList())));
        } else if (!console.quiet()) {
            spec.commandLine().getOut().printf("%s on %s: %d operations, largest errors first%n", run.label(), device,
                    rows.size());
            rows.stream().limit(top).forEach(r -> spec.commandLine().getOut()
                    .println(String.format("%-60s %-10s error %.2e  worst %.2e", r.name(), r.operation(), r.error(),
                            r.maxDifference())));
        }
        if (!holds) {
            spec.commandLine().getErr()
                    .println("radedit: " + failed + " of " + rows.size() + " operations exceed --tolerance "
                            + tolerance);
        }
        return holds ? Exit.OK : Exit.CHECK;
    }

    private Map<String, Object> document(LocalAudit.Row r) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("name", r.name());
        m.put("operation", r.operation());
        m.put("error", r.error());
        m.put("worst", r.maxDifference());
        m.put("holds", r.error() <= tolerance);
        return m;
    }
}
