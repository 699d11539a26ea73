package radedit.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;

import org.jspecify.annotations.Nullable;

import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;

/** Chooses one of a model's outputs. */
final class OutputChoice {
    private static final Set<OnnxJavaType> FLOATS = Set.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16,
            OnnxJavaType.DOUBLE);

    private OutputChoice() {
    }

    /**
     * The named output; without a name the only one, or the only tensor with so many axes, or else the only one with maps
     * from classes to numbers.
     *
     * @param floats
     *            whether elements have to be floating-point numbers
     * @param ranks
     *            numbers of axes that are possible
     * @throws ModelException
     *             if there is no such output, or more than one
     */
    static String of(Path file, Map<String, NodeInfo> outputs, @Nullable String name, boolean floats,
            Set<Integer> ranks) throws ModelException {
        if (name != null) {
            if (!outputs.containsKey(name)) {
                throw new ModelException(Reason.REQUEST,
                        file + ": has no output '" + name + "'; its outputs are " + list(outputs));
            }
            return name;
        }
        List<String> fitting = new ArrayList<>();
        for (Map.Entry<String, NodeInfo> e : outputs.entrySet()) {
            if (e.getValue().getInfo() instanceof TensorInfo t && (!floats || FLOATS.contains(t.type))
                    && ranks.contains(t.getShape().length)) {
                fitting.add(e.getKey());
            }
        }
        if (outputs.size() == 1) {
            return outputs.keySet().iterator().next();
        }
        if (fitting.isEmpty() && ranks.contains(1)) {
            outputs.forEach((output, info) -> {
                if (ClassMaps.isMeant(info)) {
                    fitting.add(output);
                }
            });
        }
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        throw new ModelException(Reason.REQUEST, file + ": has the outputs " + list(outputs)
                + "; output.name of the preprocessing chooses one");
    }

    /** Names and shapes. */
    private static String list(Map<String, NodeInfo> outputs) {
        List<String> all = new ArrayList<>();
        outputs.forEach((n, i) -> all.add(n + (i.getInfo() instanceof TensorInfo t
                ? " " + t.type + Arrays.toString(t.getShape()).replace("-1", "?")
                : "")));
        return String.join(", ", all.subList(0, Math.min(12, all.size()))) + (all.size() > 12 ? ", ..." : "");
    }

    /** The declared length of an output's axis; -1 if it is not declared. */
    static long axis(Map<String, NodeInfo> outputs, String name, int rank, int axis) {
        NodeInfo info = outputs.get(name);
        return info != null && info.getInfo() instanceof TensorInfo t && t.getShape().length == rank
                ? t.getShape()[axis]
                : -1;
    }
}
