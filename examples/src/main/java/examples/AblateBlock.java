package examples;

import java.nio.file.Path;

import radedit.checkpoint.ModelFolder.Part;
import radedit.checkpoint.NamedModels;
import radedit.graph.Probe;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;

/**
 * Says how much a film depends on a block: {@code AblateBlock MODEL NAME}, where NAME is the path of a module whose result
 * is added to its input, such as mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0. It is replaced by zeros.
 */
public final class AblateBlock {
    public static void main(String[] args) {
        Probe off = Probe.replacing(args[1], t -> t.map(v -> 0));
        try (RadEdit radEdit = RadEdit.open(NamedModels.resolve(Path.of(args[0]), System.getenv()))) {
            GenerateRequest request = new GenerateRequest("Large left-sided pleural effusion").steps(10);
            Result whole = radEdit.generate(request);
            Result ablated = radEdit.generate(request.probe(Part.UNET, off));
            double sum = 0;
            for (int i = 0; i < whole.images().data().length; i++) {
                sum += Math.abs(whole.images().data()[i] - ablated.images().data()[i]);
            }
            System.out.printf("mean change %.4f%n", sum / whole.images().data().length);
        }
    }
}
