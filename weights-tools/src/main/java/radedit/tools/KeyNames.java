package radedit.tools;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.files.Messages;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.tensor.Shape;
import radedit.tools.pickle.StoredTensor;
import radedit.weights.LegacyNames;
import radedit.weights.WeightsException;

/**
 * Translates older names and shapes of tensors to the current ones ({@link LegacyNames}), and drops BERT's
 * position_ids, a saved constant 0, 1, 2, ...
 */
final class KeyNames {
    private static final String POSITION_IDS = "bert.embeddings.position_ids";

    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final List<String> changes = new ArrayList<>();

    private final Path path;

    private KeyNames(Path path) {
        this.path = path;
    }

    /**
     * Translates names and removes a wrapper's common prefix.
     *
     * @param path
     *            the checkpoint, for messages
     * @throws WeightsException
     *            if a tensor exists under both names
     */
    static KeyNames modern(Path path, Map<String, StoredTensor> tensors) {
        KeyNames k = new KeyNames(path);
        String wrapper = LegacyNames.commonPrefix(tensors.keySet());
        Map<String, StoredTensor> own = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> own.put(name.substring(wrapper.length()), tensor));
        if (!wrapper.isEmpty()) {
            k.changes.add("removed the prefix '" + wrapper + "' from all names");
        }
        own.forEach((name, tensor) -> k.add(name, tensor, own));
        return k;
    }

    /** The tensors under their current names. */
    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /** The changes, in sentences. */
    List<String> changes() {
        return changes;
    }

    private void add(String name, StoredTensor tensor, Map<String, StoredTensor> all) {
        if (name.equals(POSITION_IDS)) {
            changes.add("dropped " + name);
            return;
        }
        String today = LegacyNames.current(name);
        if (!today.equals(name)) {
            if (all.containsKey(today)) {
                throw new WeightsException(Message.of(path, ": has both '", Messages.printable(name), "' and '",
                        Messages.printable(today), "', which are one tensor under an older and a current name; ",
                        Setting.RENAME, " none keeps both"));
            }
            changes.add("renamed " + Messages.printable(name) + " to " + Messages.printable(today));
        }
        Shape s = tensor.shape();
        if (LegacyNames.isMatrix(today, s)) {
            tensors.put(today, tensor.dropLastAxes(s.rank() - 2));
            changes.add("reshaped " + Messages.printable(today) + " from " + s + " to " + tensors.get(today).shape());
        } else {
            tensors.put(today, tensor);
        }
    }
}
