package radedit.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Tensor;

/** Relative distances between two sets of tensors: ||a - b|| / ||b|| in the 2-norm. */
public final class TensorErrors {
    /**
     * The distances of one tensor.
     *
     * @param name
     *            name of the tensor
     * @param error
     *            of the tested value to the exact one, or to the other value if there is no exact one
     * @param referenceError
     *            of the other value to the exact one; NaN if there is none
     * @param maxDifference
     *            the largest absolute difference of the same pair as {@code error}
     */
    public record Row(String name, double error, double referenceError, double maxDifference) {
        /** {@return the tested value's error divided by that of the other; NaN without an exact value} */
        public double ratio() {
            return error / referenceError;
        }
    }

    private TensorErrors() {
    }

    /**
     * {@return the relative distance in the 2-norm; 0 for equal tensors, even if they are zero}
     *
     * @param a
     *            a tensor
     * @param b
     *            the tensor whose norm is the unit
     * @throws IllegalArgumentException
     *             if shapes differ
     */
    public static double relative(Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape())) {
            throw new IllegalArgumentException("shapes " + a.shape() + " and " + b.shape());
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.data().length; i++) {
            double d = a.data()[i] - b.data()[i];
            difference += d * d;
            norm += b.data()[i] * b.data()[i];
        }
        return difference == 0 ? 0 : Math.sqrt(difference / norm);
    }

    private static double maxDifference(Tensor a, Tensor b) {
        double worst = 0;
        for (int i = 0; i < a.data().length; i++) {
            double d = Math.abs(a.data()[i] - b.data()[i]);
            worst = d > worst || Double.isNaN(d) ? d : worst;
        }
        return worst;
    }

    /**
     * {@return the distances of one tensor}
     *
     * @param name
     *            name of the tensor
     * @param tested
     *            the value under test
     * @param other
     *            the value to compare with
     * @param exact
     *            the exact value; may be null
     * @throws IllegalArgumentException
     *             if shapes differ
     */
    public static Row compare(String name, Tensor tested, Tensor other, @Nullable Tensor exact) {
        Tensor truth = exact == null ? other : exact;
        if (!tested.shape().equals(other.shape()) || !tested.shape().equals(truth.shape())) {
            throw new IllegalArgumentException("tensor '" + name + "' has shapes " + tested.shape() + ", "
                    + other.shape() + (exact == null ? "" : ", " + exact.shape()));
        }
        return new Row(name, relative(tested, truth), exact == null ? Double.NaN : relative(other, exact),
                maxDifference(tested, truth));
    }

    /**
     * {@return the distances of the tensors that all sides have, in the order of {@code tested}}
     *
     * @param tested
     *            values under test, by name
     * @param other
     *            values to compare with, by name
     * @param exact
     *            exact values, by name; may be null
     * @throws IllegalArgumentException
     *             if shapes differ
     */
    public static List<Row> compareAll(Map<String, Tensor> tested, Map<String, Tensor> other,
            @Nullable Map<String, Tensor> exact) {
        List<Row> rows = new ArrayList<>();
        tested.forEach((name, t) -> {
            Tensor o = other.get(name);
            Tensor e = exact == null ? null : exact.get(name);
            if (o != null && (exact == null || e != null)) {
                rows.add(compare(name, t, o, e));
            }
        });
        return rows;
    }
}
