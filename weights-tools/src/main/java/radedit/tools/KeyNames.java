package radedit.tools;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import radedit.files.Messages;
import radedit.tensor.Shape;
import radedit.tools.pickle.StoredTensor;
import radedit.weights.WeightsException;

/**
 * Brings older names of tensors to those that the networks go by today, as transformers and diffusers do when they load
 * a checkpoint:
 *
 * <ul>
 * <li>LayerNorm's gamma and beta, from checkpoints that began in TensorFlow, are weight and bias;
 * <li>a VAE's attention had query, key, value and proj_attn, which are to_q, to_k, to_v and to_out.0, and their weights
 * were 1 x 1 convolutions before they were matrices;
 * <li>BERT's position_ids, once saved along, only count from 0.
 * </ul>
 */
final class KeyNames {
    private static final Pattern LAYER_NORM = Pattern.compile("(.*LayerNorm)\\.(gamma|beta)");
    private static final Pattern VAE_ATTENTION = Pattern
            .compile("((?:.*\\.)?mid_block\\.attentions\\.\\d+)\\.(query|key|value|proj_attn)\\.(weight|bias)");
    private static final Pattern VAE_MATRIX = Pattern
            .compile("(?:.*\\.)?mid_block\\.attentions\\.\\d+\\.(?:to_q|to_k|to_v|to_out\\.0)\\.weight");
    private static final String POSITION_IDS = "bert.embeddings.position_ids";

    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final List<String> changes = new ArrayList<>();

    private final Path path;

    private KeyNames(Path path) {
        this.path = path;
    }

    /**
     * Renames what has an older name.
     *
     * @param path
     *            of the checkpoint, for messages
     * @throws WeightsException
     *             if a tensor is there under both names
     */
    static KeyNames modern(Path path, Map<String, StoredTensor> tensors) {
        KeyNames k = new KeyNames(path);
        tensors.forEach((name, tensor) -> k.add(name, tensor, tensors));
        return k;
    }

    /** The tensors under today's names. */
    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /** What was done, for the user. */
    List<String> changes() {
        return changes;
    }

    private void add(String name, StoredTensor tensor, Map<String, StoredTensor> all) {
        if (name.equals(POSITION_IDS)) {
            changes.add("dropped " + name);
            return;
        }
        String today = today(name);
        if (!today.equals(name)) {
            if (all.containsKey(today)) {
                throw new WeightsException(path + ": has both '" + Messages.printable(name) + "' and '"
                        + Messages.printable(today) + "', which are one tensor under an older and today's name; --rename"
                        + " none keeps both");
            }
            changes.add("renamed " + Messages.printable(name) + " to " + Messages.printable(today));
        }
        Shape s = tensor.shape();
        if (VAE_MATRIX.matcher(today).matches() && s.rank() == 4 && s.dim(2) == 1 && s.dim(3) == 1) {
            tensors.put(today, tensor.dropLastAxes(2));
            changes.add("reshaped " + Messages.printable(today) + " from " + s + " to " + tensors.get(today).shape());
        } else {
            tensors.put(today, tensor);
        }
    }

    private static String today(String name) {
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
}
