package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
import radedit.tensor.Tensor;

/** radedit audit digits. */
@Command(name = "digits", mixinStandardHelpOptions = true, description = {
        "Estimates how many digits of each pixel of a generated film the arithmetic supports.",
        "The film is generated several times, each time with every operation of the networks rounded at random (Monte"
                + " Carlo arithmetic), in the plain loops of the reference backend."}, footer = {"", "Example:",
                        "  radedit audit digits \"Cardiomegaly\" --steps 10 --map digits.png"})
final class AuditDigitsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROMPT", description = "what the film should show")
    private String prompt;

    @Option(names = "--negative-prompt", paramLabel = "T", defaultValue = "", description = "what to guide away from")
    private String negativePrompt;

    @Option(names = "--guidance", paramLabel = "X", defaultValue = "7.5", description = "guidance scale (default: ${DEFAULT-VALUE})")
    private double guidance;

    @Option(names = "--noise", paramLabel = "F", description = "read the starting noise from a safetensors file (noise)")
    private @Nullable Path noise;

    @Mixin
    private SamplerOptions sampler;

    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private PictureDigits digits;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        Tensor given = noise == null ? null : Inputs.tensor(noise, "noise");
        GenerateRequest request = sampling.shorten(sampler.set(new GenerateRequest(List.of(prompt))))
                .negativePrompt(negativePrompt).guidance(guidance).seed(sampling.seed()).rng(sampling.rng())
                .size(sampling.size()).noise(given);
        digits.run(sampling.batch(), listener, console.quiet(), spec.commandLine().getOut(), new Path[]{noise},
                (radEdit, heard) -> radEdit.generate(request, heard));
        return Exit.OK;
    }
}
