package radedit.weights;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import radedit.tensor.Shape;

/**
 * Names that tensors had in older checkpoints, and those that the networks go by today, as transformers and diffusers bring
 * one to the other:
 *
 * <ul>
 * <li>LayerNorm's gamma and beta, from checkpoints that began in TensorFlow, are weight and bias;
 * <li>a VAE's attention had query, key, value and proj_attn, which are to_q, to_k, to_v and to_out.0 (diffusers before
 * 0.15), and their weights were 1 x 1 convolutions before they were matrices.
 * </ul>
 */
public final class OlderNames {
    private static final Pattern LAYER_NORM = Pattern.compile("(.*LayerNorm)\\.(gamma|beta)");
    private static final Pattern VAE_ATTENTION = Pattern
            .compile("((?:.*\\.)?mid_block\\.attentions\\.\\d+)\\.(query|key|value|proj_attn)\\.(weight|bias)");
    private static final Pattern VAE_MATRIX = Pattern
            .compile("(?:.*\\.)?mid_block\\.attentions\\.\\d+\\.(?:to_q|to_k|to_v|to_out\\.0)\\.weight");

    /** What programs put before all names when they save a network within another. */
    private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.", "model.diffusion_model.",
            "first_stage_model.", "unet.", "vae.");

    private OlderNames() {
    }

    /** What stands before all names because the network was saved within another; empty if nothing does. */
    public static String wrapper(Collection<String> names) {
        for (String w : WRAPPERS) {
            if (!names.isEmpty() && names.stream().allMatch(n -> n.startsWith(w) && n.length() > w.length())) {
                return w;
            }
        }
        return "";
    }

    /** What a tensor is called today; the same name if that is today's. */
    public static String today(String name) {
        Matcher norm = LAYER_NORM.matcher(name);
        if (norm.matches()) {
            return norm.group(1) + (norm.group(2).equals("gamma") ? ".weight" : ".bias");
        }
        Matcher attention = VAE_ATTENTION.matcher(name);
        if (attention.matches()) {
            return attention.group(1) + switch (attention.group(2)) {
                case "query" -> ".to_q.";
                case "key" -> ".to_k.";
                case "value" -> ".to_v.";
                default -> ".to_out.0.";
            } + attention.group(3);
        }
        return name;
    }

    /**
     * Whether a tensor is an attention's matrix in the form of a convolution: [out, in, 1, 1], or [out, in, 1].
     *
     * @param today
     *            its name today
     */
    public static boolean isMatrix(String today, Shape shape) {
        int rank = shape.rank();
        return VAE_MATRIX.matcher(today).matches() && (rank == 3 || rank == 4) && shape.dim(2) == 1
                && shape.dim(rank - 1) == 1;
    }
}
