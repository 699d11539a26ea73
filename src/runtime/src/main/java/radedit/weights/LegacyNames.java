package radedit.weights;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import radedit.tensor.Shape;

/**
 * Maps tensor names of older checkpoints to current ones, as transformers and diffusers do:
 *
 * <ul>
 * <li>LayerNorm's gamma and beta, from checkpoints that originate in TensorFlow, become weight and bias;
 * <li>a VAE attention's query, key, value and proj_attn (diffusers before 0.15) become to_q, to_k, to_v and to_out.0;
 * their weights may be stored as 1 x 1 convolutions instead of matrices.
 * </ul>
 */
public final class LegacyNames {
    private static final Pattern LAYER_NORM = Pattern.compile("(.*LayerNorm)\\.(gamma|beta)");
    private static final Pattern VAE_ATTENTION = Pattern
            .compile("((?:.*\\.)?mid_block\\.attentions\\.\\d+)\\.(query|key|value|proj_attn)\\.(weight|bias)");
    private static final Pattern VAE_MATRIX = Pattern
            .compile("(?:.*\\.)?mid_block\\.attentions\\.\\d+\\.(?:to_q|to_k|to_v|to_out\\.0)\\.weight");

    /** Prefixes that programs add to all names when they save a network as part of another. */
    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.diffusion_model.",
            "first_stage_model.", "unet.", "vae.");

    private LegacyNames() {
    }

    /**
     * {@return the prefix of all names if the network was saved as part of another; else empty}
     *
     * @param names
     *            the names of all tensors
     */
    public static String commonPrefix(Collection<String> names) {
        for (String w : PREFIXES) {
            if (!names.isEmpty() && names.stream().allMatch(n -> n.startsWith(w) && n.length() > w.length())) {
                return w;
            }
        }
        return "";
    }

    /**
     * {@return the current name of a tensor}
     *
     * @param name
     *            an older or current name
     */
    public static String current(String name) {
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
     * {@return whether a tensor is an attention matrix stored as a convolution: [out, in, 1, 1] or [out, in, 1]}
     *
     * @param current
     *            its current name
     * @param shape
     *            its shape in the file
     */
    public static boolean isMatrix(String current, Shape shape) {
        int rank = shape.rank();
        return VAE_MATRIX.matcher(current).matches() && (rank == 3 || rank == 4) && shape.dim(2) == 1
                && shape.dim(rank - 1) == 1;
    }
}
