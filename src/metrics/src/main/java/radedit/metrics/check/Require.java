package radedit.metrics.check;

/** Checks of arguments. Each throws an IllegalArgumentException whose sentence names what is wrong and where. */
public final class Require {
    private Require() {
    }

    /** Requires a condition. */
    public static void that(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Requires two lengths to be equal. */
    public static void sameLength(String first, int a, String second, int b) {
        if (a != b) {
            throw new IllegalArgumentException("there are " + a + " " + first + " but " + b + " " + second);
        }
    }

    /** Requires each value to be finite. */
    public static void finite(String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(name + " [" + i + "] is " + values[i] + ", not a finite number");
            }
        }
    }

    /** Requires one value to be finite. */
    public static void finite(String name, double value) {
        that(Double.isFinite(value), name + " is " + value + ", not a finite number");
    }

    /** Requires each value to be from 0 to 1. */
    public static void probabilities(String name, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] >= 0 && values[i] <= 1)) {
                throw new IllegalArgumentException(
                        name + " [" + i + "] is " + values[i] + ", not a probability from 0 to 1");
            }
        }
    }

    /** Requires a confidence level strictly between 0 and 1. */
    public static void level(double level) {
        that(level > 0 && level < 1, "confidence level " + level + " is not between 0 and 1");
    }
}
