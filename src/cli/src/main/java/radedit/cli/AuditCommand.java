package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.audit.TensorErrors;
import radedit.audit.AuditedNetwork;
import radedit.digest.Digests;
import radedit.exec.Backend;
import radedit.files.OutputFile;
import radedit.graph.Probe;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.safetensors.SafetensorsWriter;
import radedit.pipeline.RunOptions;
import radedit.tensor.DType;
import radedit.tensor.Tensor;
import radedit.trace.TraceLevel;

/** radedit audit. */
@Command(name = "audit", mixinStandardHelpOptions = true, description = "Compares single networks with other programs.", subcommands = {
        AuditCommand.Run.class, AuditLocalCommand.class, AuditCommand.CompareFiles.class, AuditDiffCommand.class,
        AuditReplayCommand.class, AuditDigitsCommand.class, AuditDigitsEditCommand.class, AuditDigitsPartCommand.class,
        AuditCertifyCommand.class, AuditVerifyCommand.class})
final class AuditCommand {
    private AuditCommand() {
    }

    /** radedit audit run. */
    @Command(name = "run", mixinStandardHelpOptions = true, description = "Runs one network on given tensors and writes its results.", footerHeading = "%nInputs and results of each part:%n", footer = {
            "  unet           sample [b,4,h,w], timestep [b], encoder_hidden_states [b,l,c]",
            "                 -> eps [b,4,h,w]", "  vae-encoder    image [b,3,8h,8w], -1 to 1",
            "                 -> mean, logvar [b,4,h,w]",
            "  vae-decoder    latent [b,4,h,w], already divided by the scaling factor",
            "                 -> image [b,3,8h,8w], not clamped",
            "  text-encoder   input_ids [b,l], attention_mask [b,l], 0 or 1",
            "                 -> last_hidden_state [b,l,c] (mask not used),",
            "                    projected [b,p] (mask used, length 1)",
            "  image-encoder  image [b,3,448,448], 0 to 1; for pairs, previous likewise",
            "                 -> projected [b,p], patches [b,p,14,14], each of length 1",
            "Tensors are called NAME or in.NAME; h and w are those of the latent.", "", "Example:",
            "  radedit audit run vae-decoder --inputs latent.safetensors \\",
            "      --outputs image.safetensors --trace inner.safetensors --match 'up_blocks'"})
    static final class Run implements Callable<Integer> {
        @Mixin
        private PartOptions part;

        @Option(names = "--outputs", paramLabel = "F", required = true, description = "where the results go (safetensors)")
        private Path outputs;

        @Option(names = "--trace", paramLabel = "F", description = "record inner values, named after their modules (*.safetensors with all values, or *.jsonl.gz)")
        private @Nullable Path trace;

        @Option(names = "--trace-level", paramLabel = "LEVEL", description = "what to record of each value: hash, stats, slice or full (default: full for *.safetensors, else hash)")
        private @Nullable TraceLevel level;

        @Option(names = "--trace-fused", description = "record modules as they are computed, several together")
        private boolean fused;

        @Option(names = "--match", paramLabel = "REGEX", defaultValue = "", description = "regular expression found in the names of the inner values to record (default: all)")
        private String match;

        @Mixin
        private ModelOptions model;

        @Mixin
        private ConsoleListener console;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            AuditedNetwork run = part.part();
            if (fused && trace == null) {
                throw new InvalidRequestException("--trace-fused needs --trace");
            }
            Outputs.requireDistinct("", outputs, part.inputs(), trace);
            OutputFile.check(outputs);
            Map<String, Tensor> given = part.given();
            RunOptions options = model.options(0);
            try (TraceOptions.Open recorded = TraceOptions.open(trace, level, match, null, !fused, part.inputs());
                    Backend backend = recorded.recorder()
                            .watch(options.open(console.to(spec.commandLine().getErr())))) {
                // Keep the digits of the double-precision backend.
                DType dtype = backend.name().equals("reference") ? DType.F64 : DType.F32;
                if (recorded.recorder().isOn()) {
                    Map<String, Object> facts = new LinkedHashMap<>();
                    facts.put("part", run.label());
                    facts.put("inputs_sha256", Digests.hex("SHA-256", part.inputs()));
                    facts.put("weights_sha256", run.weightsSha256(model.folder()));
                    recorded.recorder().head(facts);
                }
                Map<String, Tensor> results = part.run(() -> run.run(model.folder(), backend, given, Probe.NONE));
                recorded.finish();
                SafetensorsWriter writer = new SafetensorsWriter().metadata("backend", backend.label());
                results.forEach((name, t) -> writer.add(name, dtype, t));
                OutputFile.write(outputs, writer::writeTo);
            }
            return Exit.OK;
        }
    }

    /** radedit audit compare. */
    @Command(name = "compare", mixinStandardHelpOptions = true, description = {
            "Compares tensors of the same name in two files by their relative error in the 2-norm.",
            "With --exact, both are compared with it, and A's error may be at most --factor times B's."})
    static final class CompareFiles implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "A", description = "the results to judge")
        private Path tested;

        @Parameters(index = "1", paramLabel = "B", description = "the results to compare them with")
        private Path other;

        @Option(names = "--exact", paramLabel = "C", description = "the exact results, in higher precision")
        private @Nullable Path exact;

        @Option(names = "--prefix", paramLabel = "P,Q", split = ",", arity = "1", defaultValue = "torch.,exact.", description = "prefixes of the names in B and C (default: ${DEFAULT-VALUE})")
        private List<String> prefixes;

        @Option(names = "--tolerance", paramLabel = "X", defaultValue = "1e-5", description = "largest relative error without --exact (default: ${DEFAULT-VALUE})")
        private double tolerance;

        @Option(names = "--factor", paramLabel = "X", defaultValue = "3", description = "largest ratio of the errors with --exact (default: ${DEFAULT-VALUE})")
        private double factor;

        @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
        private boolean json;

        @Mixin
        private ConsoleListener console;

        @Spec
        private CommandSpec spec;

        private List<TensorErrors.Row> rows() {
            if (prefixes.isEmpty() || prefixes.size() > 2) {
                throw new InvalidRequestException(prefixes.isEmpty()
                        ? "--prefix names no prefix"
                        : "--prefix takes one or two prefixes, of the names in B and C, not " + prefixes.size());
            }
            try (PrefixedTensors a = PrefixedTensors.open(tested, "");
                    PrefixedTensors b = PrefixedTensors.open(other, prefixes.getFirst());
                    PrefixedTensors c = exact == null ? null : PrefixedTensors.open(exact, prefixes.getLast())) {
                Set<String> names = a.names();
                names.retainAll(b.names());
                if (c != null) {
                    names.retainAll(c.names());
                }
                return names.stream()
                        .map(n -> TensorErrors.compare(n, a.read(n), b.read(n), c == null ? null : c.read(n))).toList();
            } catch (IllegalArgumentException e) {
                throw new InvalidInputException(tested + ": " + OptionNames.in(e), e);
            }
        }

        @Override
        public Integer call() throws IOException {
            NumberConverters.requireNotNegative("--tolerance", tolerance);
            NumberConverters.requireNotNegative("--factor", factor);
            List<TensorErrors.Row> rows = rows();
            if (rows.isEmpty()) {
                throw new InvalidInputException(tested + " and " + other + " have no tensor in common");
            }
            boolean holds = rows.stream().allMatch(this::holds);
            if (json) {
                spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(
                        Map.of("tensors", rows.stream().map(this::document).toList(), "holds", holds)));
            } else if (!console.quiet()) {
                rows.forEach(r -> spec.commandLine().getOut()
                        .println(exact == null
                                ? String.format("%-40s error %.2e  worst %.2e", r.name(), r.error(), r.maxDifference())
                                : String.format("%-40s error %.2e  other %.2e  ratio %.2f", r.name(), r.error(),
                                        r.referenceError(), r.ratio())));
            }
            return holds ? Exit.OK : Exit.CHECK;
        }

        private boolean holds(TensorErrors.Row r) {
            return exact == null ? r.error() <= tolerance : r.error() <= factor * r.referenceError();
        }

        private Map<String, Object> document(TensorErrors.Row r) {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("name", r.name());
            m.put("error", r.error());
            if (exact != null) {
                m.put("other_error", r.referenceError());
            }
            m.put("worst", r.maxDifference());
            m.put("holds", holds(r));
            return m;
        }
    }
}
