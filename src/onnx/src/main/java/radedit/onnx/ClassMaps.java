package radedit.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.SequenceInfo;

import org.jspecify.annotations.Nullable;

import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;

/**
 * Scores by class, a map for each film: what ZipMap (ONNX operators, ai.onnx.ml) returns, with which skl2onnx ends the
 * classifiers of scikit-learn. Values are in the order of their keys, as in scikit-learn's classes_.
 */
final class ClassMaps {
    private ClassMaps() {
    }

    /** Whether an output is a sequence of maps from classes to floating-point numbers. */
    static boolean isMeant(@Nullable NodeInfo output) {
        return output != null && output.getInfo() instanceof SequenceInfo s && s.isSequenceOfMaps()
                && isMeant(s.mapInfo);
    }

    private static boolean isMeant(MapInfo map) {
        return (map.keyType == OnnxJavaType.INT64 || map.keyType == OnnxJavaType.STRING)
                && (map.valueType == OnnxJavaType.FLOAT || map.valueType == OnnxJavaType.DOUBLE);
    }

    /**
     * Copies maps.
     *
     * @param padded
     *            the number of maps: the films, and those that fill a fixed batch
     * @throws ModelException
     *             if there are more or fewer, or films have different classes
     */
    static OnnxOutput of(Path file, String name, OnnxSequence sequence, int films, int padded)
            throws ModelException, OrtException {
        List<? extends OnnxValue> maps = sequence.getValue();
        try {
            if (maps.size() != padded) {
                throw new ModelException(Reason.RUN, file + ": output '" + name + "' has " + maps.size() + " maps for "
                        + padded + " film(s)");
            }
            List<Object> keys = List.of();
            double[] values = new double[0];
            for (int i = 0; i < films; i++) {
                Map<Object, Object> map = new TreeMap<>(((OnnxMap) maps.get(i)).getValue());
                if (i == 0) {
                    keys = List.copyOf(map.keySet());
                    values = new double[films * keys.size()];
                } else if (!keys.equals(List.copyOf(map.keySet()))) {
                    throw new ModelException(Reason.RUN, file + ": output '" + name
                            + "' has not the same classes for all films");
                }
                int at = i * keys.size();
                for (Object v : map.values()) {
                    values[at++] = ((Number) v).doubleValue();
                }
            }
            List<String> names = new ArrayList<>();
            keys.forEach(k -> names.add(k instanceof String s ? s : ""));
            return new OnnxOutput(films, new int[]{keys.size()}, values,
                    names.contains("") ? List.of() : List.copyOf(names));
        } finally {
            maps.forEach(OnnxValue::close);
        }
    }
}
