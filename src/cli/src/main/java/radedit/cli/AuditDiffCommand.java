package radedit.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.files.Messages;
import radedit.files.OutputFile;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.trace.DiffPage;
import radedit.trace.Trace;
import radedit.trace.TraceDiff;

/** radedit audit diff. */
@Command(name = "diff", mixinStandardHelpOptions = true, description = {
        "Compares two traces value by value and names the first that differs beyond its bound.",
        "A trace of another program is a safetensors file with a tensor for each module, named by its path."})
final class AuditDiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "the trace to judge")
    private Path tested;

    @Parameters(index = "1", paramLabel = "B", description = "the trace to compare it with")
    private Path other;

    @Option(names = "--exact", paramLabel = "C", description = "a trace in higher precision; A's errors may be at most --factor times B's")
    private @Nullable Path exact;

    @Option(names = "--tolerance", paramLabel = "X", description = "largest relative error without --exact; 0 for equality to the bit (default: 0 if both traces are of one backend, else 1e-5)")
    private @Nullable Double tolerance;

    @Option(names = "--factor", paramLabel = "X", defaultValue = "3", description = "largest ratio of the errors with --exact (default: ${DEFAULT-VALUE})")
    private double factor;

    @Option(names = "--top", paramLabel = "N", defaultValue = "10", description = "how many of the largest differences to list (default: ${DEFAULT-VALUE})")
    private int top;

    @Option(names = "--html", paramLabel = "F", description = "write a page with the network drawn and coloured by error")
    private @Nullable Path html;

    @Option(names = "--json", description = "print one JSON document with all values, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        NumberConverters.requireNotNegative("--top", top);
        NumberConverters.requireNotNegative("--factor", factor);
        NumberConverters.requireNotNegative("--tolerance", tolerance);
        Outputs.requireDistinct("--html ", html, tested, other, exact);
        console.to(spec.commandLine().getErr());
        try (Trace a = Inputs.read(tested, Trace::open);
                Trace b = Inputs.read(other, Trace::open);
                Trace c = exact == null ? null : Inputs.read(exact, Trace::open)) {
            double allowed = tolerance != null ? tolerance : sameBackend(a, b) ? 0 : 1e-5;
            TraceDiff d = Inputs.read(tested.toString(),
                    () -> TraceDiff.of(a, b, c, new TraceDiff.Bound(allowed, factor)));
            // What is damaged is known when all is read.
            Map<String, List<String>> damage = new LinkedHashMap<>();
            damaged(damage, tested, a);
            damaged(damage, other, b);
            if (c != null) {
                damaged(damage, Objects.requireNonNull(exact), c);
            }
            damage.forEach((file, faults) -> TraceOptions.warn(file, faults, console::warning));
            if (d.rows().isEmpty()) {
                throw new InvalidInputException(nothingCompared(d));
            }
            if (html != null) {
                OutputFile.write(html, out -> {
                    OutputStream buffered = new BufferedOutputStream(out);
                    new DiffPage(d, tested.toString(), other.toString()).write(buffered);
                    buffered.flush();
                });
            }
            if (json) {
                spec.commandLine().getOut()
                        .println(OutputOptions.JSON.writeValueAsString(document(d, allowed, damage)));
            } else if (!console.quiet()) {
                print(d, allowed);
            }
            return d.holds() && damage.isEmpty() ? Exit.OK : Exit.CHECK;
        }
    }

    /** Why no value was compared. */
    private String nothingCompared(TraceDiff d) {
        if (d.common() == 0) {
            return tested + " and " + other + " have no value in common";
        }
        return "of " + d.common() + " values that " + tested + " and " + other + " have in common, none can be compared"
                + (exact == null
                        ? ""
                        : "; --exact needs elements of the same values in all three: traces of level slice or full");
    }

    private static void damaged(Map<String, List<String>> all, Path file, Trace t) {
        if (!t.damage().isEmpty()) {
            all.put(file.toString(), t.damage());
        }
    }

    /** Whether both traces are of this program and of one kind of backend. */
    private static boolean sameBackend(Trace a, Trace b) {
        String x = backend(a);
        return a.isOurs() && b.isOurs() && !x.isEmpty() && x.equals(backend(b));
    }

    private static String backend(Trace t) {
        return t.heads().stream().map(h -> h.path("backend").asText()).filter(s -> !s.isEmpty()).findFirst()
                .map(s -> s.split(" ")[0]).orElse("");
    }

    private void print(TraceDiff d, double allowed) {
        PrintWriter out = spec.commandLine().getOut();
        long same = d.rows().stream().filter(r -> r.verdict() == TraceDiff.Verdict.SAME).count();
        long beyond = d.rows().stream().filter(r -> r.verdict() == TraceDiff.Verdict.BEYOND).count();
        out.printf(Locale.ROOT, "%d values compared: %d equal to the bit, %d beyond the bound (%s)%n", d.rows().size(),
                same, beyond, exact != null ? "factor " + factor : allowed == 0 ? "equality" : "tolerance " + allowed);
        TraceDiff.Row first = d.divergence();
        out.println(first == null
                ? "no divergence"
                : "first divergence: " + first.a().label() + describe(first));
        d.largest(top).forEach(r -> out.printf(Locale.ROOT, "  %-70s %s%n", r.a().label(), numbers(r)));
        unmatched(out, tested, d.onlyFirst());
        unmatched(out, other, d.onlySecond());
        d.differentFacts().forEach(
                (name, both) -> out.printf("differs: %s: %s | %s%n", Messages.printable(name), shortened(both.get(0)),
                        shortened(both.get(1))));
        approximate(out, tested, d.approximations().get(0));
        approximate(out, other, d.approximations().get(1));
        if (html != null) {
            out.println(html);
        }
    }

    /** Equal runs may both be approximate, which no difference shows. */
    private static void approximate(PrintWriter out, Path file, Set<String> settings) {
        if (!settings.isEmpty()) {
            out.println("approximate: " + file + ": " + String.join(", ", settings));
        }
    }

    private static String shortened(String s) {
        return Messages.printable(s.length() > 80 ? s.substring(0, 77) + "..." : s);
    }

    private static String describe(TraceDiff.Row r) {
        String covers = r.a().covers().isEmpty()
                ? ""
                : ", computed with " + Messages.escaped(String.join(", ", r.a().covers()));
        return " (" + (r.by().equals("shape") ? "another shape" : numbers(r)) + covers + ")";
    }

    private static String numbers(TraceDiff.Row r) {
        if (Double.isNaN(r.relative())) {
            return "other bits";
        }
        String more = Double.isNaN(r.other()) ? "" : String.format(Locale.ROOT, "  other %.2e", r.other());
        return String.format(Locale.ROOT, "%s error %.2e%s", r.by(), r.relative(), more)
                + (Double.isNaN(r.largest())
                        ? ""
                        : String.format(Locale.ROOT, "  largest %.2e  %.3g ulp", r.largest(), r.ulps()));
    }

    private void unmatched(PrintWriter out, Path file, List<TraceDiff.Unmatched> all) {
        Map<String, Long> reasons = new LinkedHashMap<>();
        all.forEach(u -> reasons.merge(u.reason().startsWith("computed together")
                ? "computed together with others"
                : u.reason(), 1L, Long::sum));
        reasons.forEach((reason, n) -> out.printf("only in %s: %d (%s)%n", file, n, reason));
    }

    private static Map<String, Object> document(TraceDiff d, double allowed, Map<String, List<String>> damage) {
        Map<String, Object> m = new LinkedHashMap<>();
        TraceDiff.Row first = d.divergence();
        m.put("holds", d.holds() && damage.isEmpty());
        m.put("damage", damage);
        m.put("tolerance", allowed);
        m.put("first_divergence", first == null ? null : value(first));
        m.put("values", d.rows().stream().map(AuditDiffCommand::value).toList());
        m.put("only_first", d.onlyFirst().stream().map(AuditDiffCommand::unmatched).toList());
        m.put("only_second", d.onlySecond().stream().map(AuditDiffCommand::unmatched).toList());
        m.put("different_facts", d.differentFacts());
        m.put("approximate", d.approximations());
        return m;
    }

    private static Map<String, Object> unmatched(TraceDiff.Unmatched u) {
        return Map.of("network", u.value().network(), "name", u.value().name(), "call", u.value().call(), "reason",
                u.reason());
    }

    private static Map<String, Object> value(TraceDiff.Row r) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("network", r.a().network());
        m.put("name", r.a().name());
        m.put("call", r.a().call());
        if (r.a().step() >= 0) {
            m.put("step", r.a().step());
        }
        m.put("verdict", Choice.word(r.verdict()));
        m.put("by", r.by());
        put(m, "error", r.relative());
        put(m, "other_error", r.other());
        put(m, "largest", r.largest());
        put(m, "rms", r.rms());
        put(m, "ulps", r.ulps());
        return m;
    }

    private static void put(Map<String, Object> m, String name, double v) {
        if (!Double.isNaN(v)) {
            m.put(name, Double.isInfinite(v) ? "infinite" : v);
        }
    }
}
