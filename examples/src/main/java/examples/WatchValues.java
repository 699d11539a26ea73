package examples;

import java.nio.file.Path;
import java.util.Arrays;

import radedit.checkpoint.ModelFolder.Part;
import radedit.checkpoint.NamedModels;
import radedit.graph.Probe;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.tensor.Tensor;

/**
 * Prints a value of the UNet while it runs: {@code WatchValues MODEL NAME}, where NAME is a module's path such as
 * conv_in.
 */
public final class WatchValues {
    public static void main(String[] args) {
        Path model = NamedModels.resolve(Path.of(args[0]), System.getenv());
        Probe probe = Probe.watching(args[1], WatchValues::print);
        try (RadEdit radEdit = RadEdit.open(model)) {
            radEdit.generate(new GenerateRequest("Small right-sided pleural effusion").steps(3).probe(Part.UNET, probe));
        }
    }

    private static void print(Tensor value) {
        double squares = Arrays.stream(value.data()).map(v -> v * v).sum();
        System.out.printf("%s, root mean square %.4f%n", value.shape(), Math.sqrt(squares / value.data().length));
    }
}
