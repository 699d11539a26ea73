package radedit.audit;

import java.util.List;
import java.util.Map;

import radedit.tensor.Tensor;

/** How far one set of tensors is from another, as norms of differences: ||a - b|| / ||b||. */
public final class Compare {
    /**
     * One tensor's distances.
     *
     * @param error
     *            of the tested value to the exact one, or to the other value where no exact one is known
     * @param reference
     *            of the other value to the exact one; NaN where none is known
     * @param worst
     *            the largest absolute difference behind {@code error}
     */
    public record Row(String name, double error, double reference, double worst) {
        /** How many times the reference's error the tested one is. */
        public double ratio() {
            return error / reference;
        }
    }

    private Compare() {
    }

    /** The relative distance in the 2-norm; 0 for equal tensors, even if they are zero. */
    public static double error(Tensor a, Tensor b) {
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

    private static double worst(Tensor a, Tensor b) {
        double worst = 0;
        for (int i = 0; i < a.data().length; i++) {
            double d = Math.abs(a.data()[i] - b.data()[i]);
            worst = d > worst || Double.isNaN(d) ? d : worst;
        }
        return worst;
    }

    /**
     * Compares one tensor.
     *
     * @param exact
     *            may be null
     */
    public static Row tensor(String name, Tensor tested, Tensor other, Tensor exact) {
        Tensor truth = exact == null ? other : exact;
        if (!tested.shape().equals(other.shape()) || !tested.shape().equals(truth.shape())) {
            throw new IllegalArgumentException("tensor '" + name + "' has shapes " + tested.shape() + ", "
                    + other.shape() + (exact == null ? "" : ", " + exact.shape()));
        }
        return new Row(name, error(tested, truth), exact == null ? Double.NaN : error(other, exact),
                worst(tested, truth));
    }

    /**
     * Compares the tensors that all sides have.
     *
     * @param exact
     *            may be null
     */
    public static List<Row> tensors(Map<String, Tensor> tested, Map<String, Tensor> other, Map<String, Tensor> exact) {
        return tested.keySet().stream().filter(n -> other.containsKey(n) && (exact == null || exact.containsKey(n)))
                .map(n -> tensor(n, tested.get(n), other.get(n), exact == null ? null : exact.get(n))).toList();
    }
}
