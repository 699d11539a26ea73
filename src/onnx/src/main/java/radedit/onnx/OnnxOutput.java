package radedit.onnx;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import ai.onnxruntime.OnnxTensor;

import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;

/**
 * Values of an output tensor.
 *
 * @param films
 *            number of films
 * @param shape
 *            of a film's values
 * @param values
 *            [films, shape], row-major
 * @param keys
 *            names that the model itself gives a film's values, in order; empty if it gives none
 */
record OnnxOutput(int films, int[] shape, double[] values, List<String> keys) {
    OnnxOutput(int films, int[] shape, double[] values) {
        this(films, shape, values, List.of());
    }

    /**
     * Copies a tensor.
     *
     * @param padded
     *            the first axis of the tensor: the films, and those that fill a fixed batch
     */
    static OnnxOutput of(Path file, String name, OnnxTensor tensor, int films, int padded) throws ModelException {
        long[] shape = tensor.getInfo().getShape();
        if (shape.length == 0 || shape[0] != padded) {
            throw new ModelException(Reason.RUN, file + ": output '" + name + "' has the shape "
                    + Arrays.toString(shape) + " for " + padded + " film(s); the first axis should be the film");
        }
        int each = 1;
        for (int i = 1; i < shape.length; i++) {
            each *= (int) shape[i];
        }
        double[] values = new double[films * each];
        switch (tensor.getInfo().type) {
            case FLOAT, FLOAT16, BFLOAT16 -> {
                FloatBuffer b = tensor.getFloatBuffer();
                Arrays.setAll(values, b::get);
            }
            case DOUBLE -> tensor.getDoubleBuffer().get(values);
            case INT64 -> {
                LongBuffer b = tensor.getLongBuffer();
                Arrays.setAll(values, b::get);
            }
            case INT32 -> {
                IntBuffer b = tensor.getIntBuffer();
                Arrays.setAll(values, b::get);
            }
            case UINT8, BOOL -> {
                ByteBuffer b = tensor.getByteBuffer();
                Arrays.setAll(values, i -> b.get(i) & 0xFF);
            }
            case INT8 -> {
                ByteBuffer b = tensor.getByteBuffer();
                Arrays.setAll(values, b::get);
            }
            default -> throw new ModelException(Reason.REQUEST, file + ": output '" + name + "' has elements of type "
                    + tensor.getInfo().type + ", numbers are expected");
        }
        return new OnnxOutput(films, Arrays.stream(shape).skip(1).mapToInt(d -> (int) d).toArray(), values);
    }

    /** The number of values of a film. */
    int each() {
        return values.length / films;
    }

    /** The values of one film. */
    double[] film(int i) {
        return Arrays.copyOfRange(values, i * each(), (i + 1) * each());
    }
}
