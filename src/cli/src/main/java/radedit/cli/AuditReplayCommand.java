package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.audit.NodeReplay;
import radedit.audit.TensorErrors;
import radedit.exec.Backend;
import radedit.exec.Backends;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.RunOptions;
import radedit.trace.Trace;
import radedit.trace.TraceValue;

/** radedit audit replay. */
@Command(name = "replay", mixinStandardHelpOptions = true, description = {
        "Computes one node of a recorded run again, from its recorded inputs, on any backend.",
        "The result is compared with the recorded one and with the node's definition in double precision."})
final class AuditReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NODE", description = "the node's name, as in the trace")
    private String node;

    @Option(names = "--trace", paramLabel = "F", required = true, description = "the trace, with all elements (*.safetensors)")
    private Path trace;

    @Option(names = "--network", paramLabel = "PART", description = "the node's network, if several have a node of this name")
    private @Nullable String network;

    @Option(names = "--call", paramLabel = "K", defaultValue = "0", description = "which call of the network, from 0 (default: ${DEFAULT-VALUE})")
    private int call;

    @Option(names = "--tolerance", paramLabel = "X", defaultValue = "1e-5", description = "largest relative error against the recorded value (default: ${DEFAULT-VALUE}); 0 for equality to the bit")
    private double tolerance;

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        NumberConverters.requireNotNegative("--call", call);
        NumberConverters.requireNotNegative("--tolerance", tolerance);
        RunOptions options = model.options(0);
        console.to(spec.commandLine().getErr());
        try (Trace t = Inputs.read(trace, Trace::open)) {
            TraceOptions.warn(trace.toString(), t.damage(), console::warning);
            TraceValue wanted = find(t);
            try (Backend tested = options.open(console);
                    Backend exact = Backends.open("reference", options.threads())) {
                NodeReplay.Result r = replayed(t, wanted, tested, exact);
                String device = tested.label();
                double error = TensorErrors.relative(r.again(), r.recorded());
                double own = TensorErrors.relative(r.again(), r.exact());
                double then = TensorErrors.relative(r.recorded(), r.exact());
                boolean holds = error <= tolerance;
                if (json) {
                    Map<String, Object> m = new LinkedHashMap<>();
                    m.put("network", wanted.network());
                    m.put("name", wanted.name());
                    m.put("call", wanted.call());
                    m.put("backend", device);
                    m.put("same", error == 0);
                    m.put("error", error);
                    m.put("error_to_exact", own);
                    m.put("recorded_error_to_exact", then);
                    m.put("holds", holds);
                    spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(m));
                } else if (!console.quiet()) {
                    spec.commandLine().getOut().printf(Locale.ROOT,
                            "%s on %s: %s%nerror against double precision %.2e, of the recorded value %.2e%n",
                            wanted.label(), device, error == 0
                                    ? "the recorded value, to the bit"
                                    : String.format(Locale.ROOT, "differs from the recorded value by %.2e", error),
                            own, then);
                }
                if (error != 0 && NodeReplay.hasOtherWeights(t, wanted, model.folder())) {
                    console.warning(trace + ": was made with other weights than those of " + model.folder()
                            + "; --model names the model that was run");
                }
                return holds ? Exit.OK : Exit.CHECK;
            }
        }
    }

    private NodeReplay.Result replayed(Trace t, TraceValue wanted, Backend tested, Backend exact) throws IOException {
        try {
            return NodeReplay.of(t, wanted, model.folder(), tested, exact);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(trace + ": " + OptionNames.in(e), e);
        }
    }

    private TraceValue find(Trace t) {
        if (!t.isOurs()) {
            throw new InvalidInputException(
                    trace + ": a trace of another program does not say what a node was computed from");
        }
        List<TraceValue> all = t.values().stream().filter(v -> v.name().equals(node) && !v.isHost()
                && (network == null || v.network().equals(network)) && v.call() == call).toList();
        // What a UNet computes once is an input of its later runs, by the same name.
        List<TraceValue> computed = all.stream().filter(v -> !v.isInput()).toList();
        all = computed.isEmpty() ? all : computed;
        if (all.size() > 1) {
            throw new InvalidRequestException("several networks have a node '" + node + "'; choose one with --network: "
                    + all.stream().map(TraceValue::network).collect(Collectors.joining(", ")));
        }
        if (all.isEmpty()) {
            throw new InvalidRequestException("the trace has no node '" + node + "'"
                    + (call > 0 ? " in call " + call : "")
                    + t.values().stream().filter(v -> v.covers().contains(node) || v.name().equals(node + ".once"))
                            .findFirst().map(v -> "; it was computed as '" + v.name() + "'").orElse(""));
        }
        return all.getFirst();
    }
}
