package examples;

import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import radedit.checkpoint.ModelFolder.Part;
import radedit.checkpoint.NamedModels;
import radedit.graph.Probe;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.tensor.Tensor;

/** Prints what a pixel attends to: {@code AttentionMaps MODEL PIXEL BLOCK PROMPT}, BLOCK being a path to attn2. */
public final class AttentionMaps {
    private static final Tensor[] SEEN = new Tensor[2];

    public static void main(String[] args) {
        Probe probe = new Probe() {
            @Override
            public boolean wants(String name) {
                return name.equals(args[2] + ".to_q") || name.equals(args[2] + ".to_k");
            }

            @Override
            public void accept(String name, Tensor value) { // [unconditional and prompt, pixels or tokens, channels]
                SEEN[name.endsWith("q") ? 0 : 1] = value.slice(1, 2);
            }
        };
        try (RadEdit radEdit = RadEdit.open(NamedModels.resolve(Path.of(args[0]), System.getenv()))) {
            radEdit.generate(new GenerateRequest(args[3]).steps(3).probe(Part.UNET, probe));
        }
        int pixel = Integer.parseInt(args[1]);
        double[] weights = IntStream.range(0, 12).mapToDouble(token -> Math.exp(product(pixel, token))).toArray();
        double sum = DoubleStream.of(weights).sum(); // of the first 12 tokens, all heads taken together
        IntStream.range(0, 12).forEach(token -> System.out.printf("token %d: %.4f%n", token, weights[token] / sum));
    }

    private static double product(int pixel, int token) {
        int n = SEEN[0].shape().dim(2);
        return IntStream.range(0, n).mapToDouble(c -> SEEN[0].data()[pixel * n + c] * SEEN[1].data()[token * n + c]).sum()
                / Math.sqrt(n);
    }
}
