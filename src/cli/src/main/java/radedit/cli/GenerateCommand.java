package radedit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.picture.Provenance;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.tensor.Tensor;

/** radedit generate. */
@Command(name = "generate", mixinStandardHelpOptions = true, description = "Generates films from text.", footer = {
        "", "Examples:", "  radedit generate \"Large left-sided pleural effusion\" -o film.png",
        "  radedit generate \"Cardiomegaly\" \"No pneumothorax\" --count 4 -o 'x-{n:03}.png'",
        "  radedit generate \"Cardiomegaly\" --count 4 --only 3 -o third.png",
        "  radedit generate --prompts prompts.csv -o films"})
final class GenerateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROMPT", arity = "0..*", description = "what the films should show; several are one batch")
    private List<String> prompts = new ArrayList<>();

    @Option(names = "--prompts", paramLabel = "F", description = "instead of PROMPT: a list of prompts, one request each. Text (.txt) has one on each line; a table (.csv, .jsonl) has the column prompt and may have case_id (name of the picture in a folder, and {case}), seed, negative_prompt, steps and guidance. The seed of picture k is the row's, else seed + k - 1. A folder that does not exist is made")
    private @Nullable Path promptFile;

    @Option(names = "--negative-prompt", paramLabel = "T", defaultValue = "", description = "what to guide away from")
    private String negativePrompt;

    @Option(names = "--guidance", paramLabel = "X", defaultValue = "7.5", description = "guidance scale (default: ${DEFAULT-VALUE})")
    private double guidance;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "pictures of each prompt (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(names = "--only", paramLabel = "K", converter = NumberRanges.Converter.class, description = "compute only these pictures of the batch (3, 2-5; may be repeated); each is bit-identical to what it is in the whole batch")
    private List<NumberRanges> only = new ArrayList<>();

    @Option(names = "--seed-per-image", description = "give picture k its own generator, seeded with seed + k")
    private boolean seedPerImage;

    @Option(names = "--noise", paramLabel = "F", description = "read the starting noise from a safetensors file (noise)")
    private @Nullable Path noise;

    @Mixin
    private SamplerOptions sampler;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Mixin
    private ConsoleListener console;

    @Mixin
    private TraceOptions trace;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Listener listener = console.to(spec.commandLine().getErr());
        checkPrompts();
        PromptList list = promptFile == null ? null : Inputs.read(promptFile, f -> PromptList.read(f, listener));
        GenerateJobs jobs = list == null
                ? GenerateJobs.ofBatch(usual(prompts).seed(sampling.seed()).seedPerImage(seedPerImage), prompts, count,
                        sampling.seed(), seedPerImage)
                : GenerateJobs.ofList(list, this::usual, count, sampling.seed());
        NavigableSet<Integer> numbers = jobs.only(only);
        try (NewFolder _ = list == null ? new NewFolder(null) : NewFolder.of(output.path())) {
            return run(listener, list, jobs, numbers, start);
        }
    }

    private int run(Listener listener, @Nullable PromptList list, GenerateJobs jobs, NavigableSet<Integer> numbers,
            long start) throws IOException {
        OutputNames names = output.check(numbers.stream().map(jobs::labels).toList(), noise, promptFile,
                trace.file());
        Map<String, Object> inputs = new Provenance(true).file("noise", noise).file("prompts", promptFile).inputs();
        List<String> words = CommandRecord.of(spec, model.effective());
        Tensor given = noise == null ? null : Inputs.tensor(noise, "noise");
        jobs.requests().forEach(r -> {
            r.noise(given).note("command_line", words);
            if (!inputs.isEmpty()) {
                r.note("inputs", inputs);
            }
        });
        try (TraceOptions.Open recorded = trace.open(noise, promptFile);
                RadEdit radEdit = RadEdit.open(model.folder(), model.options(sampling.batch()), console,
                        recorded.recorder());
                ResultWriter writer = new ResultWriter(output, names, spec.commandLine().getOut(), console.quiet());
                BatchReport report = new BatchReport(spec.commandLine().getErr(), numbers,
                        output.isOneFile() ? null : k -> names.place(jobs.labels(k)))) {
            if (list != null) {
                list.check(i -> radEdit.check(jobs.requests().get(i)));
            }
            jobs.run(numbers, (request, offset) -> radEdit.generate(request, listener, (k, result) -> {
                write(writer, jobs.labels(offset + k), result);
                report.done(offset + k);
            }));
            writer.finish((System.nanoTime() - start) / 1e9);
            recorded.finish();
            report.complete();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return Exit.OK;
    }

    private void checkPrompts() {
        if (prompts.isEmpty() == (promptFile == null)) {
            throw new InvalidRequestException(promptFile == null
                    ? "PROMPT is missing: what the films should show, or a list of it with --prompts"
                    : "either PROMPT or --prompts is needed, not both");
        }
        if (promptFile != null && noise != null) {
            throw new InvalidRequestException("--noise is for one batch; --prompts makes a request of each prompt");
        }
    }

    /** A request as the options say, but for the seed. */
    private GenerateRequest usual(List<String> texts) {
        return sampling.shorten(sampler.set(new GenerateRequest(texts))).negativePrompt(negativePrompt)
                .guidance(guidance).count(count).rng(sampling.rng()).size(sampling.size());
    }

    private static void write(ResultWriter writer, OutputNames.Labels picture, Result result) {
        try {
            writer.add(picture, result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
