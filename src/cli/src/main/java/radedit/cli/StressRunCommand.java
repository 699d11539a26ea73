package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.stress.Controls;
import radedit.stress.Plan;
import radedit.stress.Shard;
import radedit.stress.StressRun;
import radedit.stress.Summary;

/** radedit stress run. */
@Command(name = "run", mixinStandardHelpOptions = true, description = {
        "Edits many films, one for each row of a manifest.",
        "A manifest is CSV or JSON lines with the options of 'radedit edit' as columns.",
        "Started again, it continues; several processes may work on one folder."}, footer = {"", "Examples:",
                "  radedit stress run manifest.csv -o run --controls sham,null",
                "  radedit stress run --images 'films/*.png' --edit-mask all \\",
                "      --prompt \"Cardiomegaly\" -o run"})
final class StressRunCommand implements Callable<Integer> {
    private static final class ShardConverter implements ITypeConverter<Shard> {
        @Override
        public Shard convert(String value) {
            if (!value.matches("\\d{1,6}/\\d{1,6}")) {
                throw new TypeConversionException("'" + value + "' is not a part such as 1/4");
            }
            String[] parts = value.split("/");
            try {
                return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** 0 stands for auto. */
    private static final class TogetherConverter implements ITypeConverter<Integer> {
        private static final int MOST = 64;

        @Override
        public Integer convert(String value) {
            if (value.equals("auto")) {
                return 0;
            }
            if (!value.matches("0*[1-9]\\d?") || Integer.parseInt(value) > MOST) {
                throw new TypeConversionException(
                        "'" + value + "' is neither a number from 1 to " + MOST + " nor auto");
            }
            return Integer.parseInt(value);
        }
    }

    @Mixin
    private StressInput input;

    @Option(names = {"-o",
            "--output"}, paramLabel = "DIR", required = true, description = "folder of the run: a new one, or one to continue")
    private Path output;

    @Option(names = "--controls", paramLabel = "LIST", description = "controls of each row: sham, null, reverse, background, dose=X,X (weights times X), separated by commas")
    private String controls;

    @Option(names = "--sham-prompt", paramLabel = "T", defaultValue = Controls.SHAM_PROMPT, description = "what shams ask for, unless a row has a sham_prompt (default: ${DEFAULT-VALUE}; for removals, their original_text)")
    private String shamPrompt;

    @Option(names = "--shard", paramLabel = "I/N", converter = ShardConverter.class, description = "edit only the I-th of N parts of the films; 'radedit stress merge' joins the folders")
    private Shard shard = Shard.WHOLE;

    @Option(names = "--retry-failed", description = "try cases again that failed before")
    private boolean retryFailed;

    @Option(names = "--together", paramLabel = "N", defaultValue = "auto", converter = TogetherConverter.class, description = "edits that are sampled together, 1 to 64, or auto: 4 on a GPU, else 1 (default: ${DEFAULT-VALUE}); no result depends on it")
    private int together;

    @Option(names = "--json", description = "print one JSON document about the run, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Mixin
    private TraceOptions trace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        Controls chosen;
        try {
            chosen = controls == null ? Controls.NONE : Controls.of(controls, shamPrompt);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("--controls: " + e.getMessage());
        }
        Plan plan = input.plan(spec, chosen, listener);
        try (TraceOptions.Open recorded = trace.open(trace.file() == null ? new Path[0] : input.files(plan));
                RadEdit radEdit = RadEdit.open(model.folder(), model.options(input.batch()), console,
                        recorded.recorder());
                StressRun run = StressRun.open(output, plan, input.rows, radEdit,
                        new StressRun.Options(shard, retryFailed, together),
                        listener)) {
            Summary summary = run.run(radEdit);
            recorded.finish();
            report(summary);
            return summary.failed() == 0 ? Exit.OK : Exit.FAILED;
        }
    }

    private void report(Summary s) throws IOException {
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("output", output.toString());
            document.put("cases", s.cases());
            document.put("done", s.done());
            document.put("rejected", s.rejected());
            document.put("failed", s.failed());
            document.put("evaluations", s.computed());
            document.put("evaluations_shared", s.shared());
            spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(document));
        } else {
            spec.commandLine().getOut().println(output.resolve("results.csv"));
        }
        if (!console.quiet()) {
            long all = s.computed() + s.shared();
            spec.commandLine().getErr().printf(Locale.ROOT,
                    "%d cases: %d done, %d rejected, %d failed; %d evaluations of the UNet%s%n", s.cases(), s.done(),
                    s.rejected(), s.failed(), s.computed(),
                    s.shared() == 0
                            ? ""
                            : String.format(Locale.ROOT, ", %d (%.0f %%) spared by shared inversions", s.shared(),
                                    100.0 * s.shared() / all));
        }
    }
}
