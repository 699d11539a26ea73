package radedit.testkit;

import radedit.synthetic.SyntheticValues;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Network inputs made like synthetic weights, as the expected results have them. */
public final class SyntheticInputs {
    private SyntheticInputs() {
    }

    /** Uniform values of variance 1. */
    public static Tensor of(String name, Shape shape, long seed) {
        // with one input for each output, the weights' scale is the square root of 3, which the inputs have too
        SyntheticValues v = new SyntheticValues("input/" + name, Shape.of((int) shape.elements(), 1), seed);
        Tensor t = Tensor.zeros(shape);
        for (int i = 0; i < t.data().length; i++) {
            t.data()[i] = v.get(i);
        }
        return t;
    }
}
