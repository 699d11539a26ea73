package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

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
@Command(name = "generate", mixinStandardHelpOptions = true, description = "Generates films from text.")
final class GenerateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROMPT", arity = "1..*", description = "what the films shall show; several are one batch")
    private List<String> prompts;

    @Option(names = "--negative-prompt", paramLabel = "T", defaultValue = "", description = "what to be guided away from")
    private String negativePrompt;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "100", description = "denoising steps (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--guidance", paramLabel = "X", defaultValue = "7.5", description = "guidance scale (default: ${DEFAULT-VALUE})")
    private double guidance;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "pictures of each prompt (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(names = "--seed-per-image", description = "draw picture k from a generator of its own, seeded seed + k")
    private boolean seedPerImage;

    @Option(names = "--noise", paramLabel = "F", description = "read the starting noise from a safetensors file (noise)")
    private Path noise;

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
        output.check(noise);
        GenerateRequest request = new GenerateRequest(prompts).negativePrompt(negativePrompt).steps(steps)
                .guidance(guidance).count(count).seed(sampling.seed()).seedPerImage(seedPerImage).rng(sampling.rng())
                .size(sampling.size());
        if (noise != null) {
            request.noise(Inputs.tensor(noise, "noise"));
        }
        try (RadEdit radEdit = RadEdit.open(model.folder(), model.options(sampling.batch()), console)) {
            Result result = radEdit.generate(request, listener);
            output.write(result, (System.nanoTime() - start) / 1e9, spec.commandLine().getOut(), console.quiet());
        }
        return Exit.OK;
    }
}
