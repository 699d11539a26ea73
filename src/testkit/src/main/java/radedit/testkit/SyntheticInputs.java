package radedit.testkit;

import radedit.synthetic.SyntheticValues;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Network inputs, generated like synthetic weights, as for the expected results. */
public final class SyntheticInputs {
    private SyntheticInputs() {
    }

    /**
     * {@return uniform values of variance 1}
     *
     * @param name
     *            the input's name
     * @param shape
     *            the tensor's shape
     * @param seed
     *            the same seed and name give the same values
     */
    public static Tensor of(String name, Shape shape, long seed) {
        // with a fan-in of 1, the scale of weights is the square root of 3: uniform values of variance 1
        SyntheticValues v = new SyntheticValues("input/" + name, Shape.of((int) shape.elements(), 1), seed);
        Tensor t = Tensor.zeros(shape);
        for (int i = 0; i < t.data().length; i++) {
            t.data()[i] = v.get(i);
        }
        return t;
    }
}
