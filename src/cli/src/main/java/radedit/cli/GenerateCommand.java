package radedit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;

/** radedit generate. */
@Command(name = "generate", mixinStandardHelpOptions = true, description = "Generates films from text.", footer = {
        "", "Examples:", "  radedit generate \"Large left-sided pleural effusion\" -o film.png",
        "  radedit generate \"Cardiomegaly\" \"No pneumothorax\" --count 4 -o 'x-{n:03}.png'",
        "  radedit generate \"Cardiomegaly\" --count 4 --only 3 -o third.png"})
final class GenerateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROMPT", arity = "1..*", description = "what the films should show; several are one batch")
    private List<String> prompts;

    @Option(names = "--negative-prompt", paramLabel = "T", defaultValue = "", description = "what to guide away from")
    private String negativePrompt;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "100", description = "denoising steps (default: ${DEFAULT-VALUE})")
    private int steps;

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
    private SamplingOptions sampling;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Listener listener = console.to(spec.commandLine().getErr());
        GenerateRequest request = new GenerateRequest(prompts).negativePrompt(negativePrompt).steps(steps)
                .guidance(guidance).count(count).seed(sampling.seed()).seedPerImage(seedPerImage).rng(sampling.rng())
                .size(sampling.size());
        int all = request.numbers().size();
        only.forEach(r -> request.only(r.numbers(all)));
        SortedSet<Integer> numbers = request.numbers();
        OutputNames names = output.check(numbers.stream().map(this::labels).toList(), noise);
        if (noise != null) {
            request.noise(Inputs.tensor(noise, "noise"));
            request.note("inputs", new Provenance(true).file("noise", noise).inputs());
        }
        request.note("command_line", CommandRecord.of(spec, model.effective()));
        try (RadEdit radEdit = RadEdit.open(model.folder(), model.options(sampling.batch()), console);
                ResultWriter writer = new ResultWriter(output, names, spec.commandLine().getOut(), console.quiet());
                BatchReport report = new BatchReport(spec.commandLine().getErr(), numbers,
                        output.isOneFile() ? null : k -> names.place(labels(k)))) {
            radEdit.generate(request, listener, (k, result) -> {
                write(writer, labels(k), result);
                report.done(k);
            });
            writer.finish((System.nanoTime() - start) / 1e9);
            report.complete();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return Exit.OK;
    }

    private OutputNames.Labels labels(int number) {
        long seed = seedPerImage ? sampling.seed() + number - 1 : sampling.seed();
        return new OutputNames.Labels(number, seed, prompts.get((number - 1) / count), null);
    }

    private static void write(ResultWriter writer, OutputNames.Labels picture, Result result) {
        try {
            writer.add(picture, result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
