package radedit.imaging.pixel;

/**
 * The transformation from modality values to grey levels (VOI, values of interest, PS3.3 C.11.2). Results are nominally
 * 0 to 1, not clipped.
 */
public sealed interface Voi {
    /**
     * {@return the grey level, nominally 0 to 1}
     *
     * @param x
     *            a modality value
     */
    double apply(double x);

    /** {@return the rule, in words} */
    String describe();

    /** The function of a window (VOI LUT Function). */
    enum Function {
        /** PS3.3 C.11.2.1.2.1; the default. */
        LINEAR("C.11.2.1.2.1") {
            @Override
            double apply(double x, double c, double w) {
                if (x <= c - 0.5 - (w - 1) / 2) {
                    return 0;
                }
                return x > c - 0.5 + (w - 1) / 2 ? 1 : (x - (c - 0.5)) / (w - 1) + 0.5;
            }
        },
        /** PS3.3 C.11.2.1.3.2. */
        LINEAR_EXACT("C.11.2.1.3.2") {
            @Override
            double apply(double x, double c, double w) {
                if (x <= c - w / 2) {
                    return 0;
                }
                return x > c + w / 2 ? 1 : (x - c) / w + 0.5;
            }
        },
        /** PS3.3 C.11.2.1.3.1. */
        SIGMOID("C.11.2.1.3.1") {
            @Override
            double apply(double x, double c, double w) {
                return 1 / (1 + Math.exp(-4 * (x - c) / w));
            }
        };

        private final String section;

        Function(String section) {
            this.section = section;
        }

        abstract double apply(double x, double c, double w);

        /**
         * {@return whether a window of this width is defined: at least 1 for LINEAR, above 0 for the others}
         *
         * @param width
         *            of the window
         */
        public boolean allows(double width) {
            return this == LINEAR ? width >= 1 : width > 0;
        }
    }

    /**
     * A window.
     *
     * @param centre
     *            in modality values
     * @param width
     *            in modality values
     * @param function
     *            how levels rise across the window
     * @param explanation
     *            Window Center and Width Explanation; may be empty
     */
    record Window(double centre, double width, Function function, String explanation) implements Voi {
        /** {@return whether the centre is finite and the function is defined for the width} */
        public boolean isUsable() {
            return Double.isFinite(centre) && Double.isFinite(width) && function.allows(width);
        }

        @Override
        public double apply(double x) {
            return function.apply(x, centre, width);
        }

        @Override
        public String describe() {
            return "window centre " + Numbers.text(centre) + ", width " + Numbers.text(width) + ", " + function
                    + (explanation.isEmpty() ? "" : " \"" + explanation + "\"") + " (PS3.3 " + function.section + ")";
        }
    }

    /**
     * A VOI LUT; its highest possible entry is white.
     *
     * @param lut
     *            the table
     * @param explanation
     *            LUT Explanation; may be empty
     */
    record Table(LookupTable lut, String explanation) implements Voi {
        @Override
        public double apply(double x) {
            return lut.at(x) / (double) lut.max();
        }

        @Override
        public String describe() {
            return "VOI LUT of " + lut + (explanation.isEmpty() ? "" : " \"" + explanation + "\"")
                    + ", entry / " + lut.max() + " (PS3.3 C.11.2.1.1)";
        }
    }

    /**
     * (x - min) / (max - min); 0 where both are equal.
     *
     * @param min
     *            the black value
     * @param max
     *            the white value
     * @param reason
     *            where the range comes from, for {@link #describe}
     */
    record Range(double min, double max, String reason) implements Voi {
        @Override
        public double apply(double x) {
            return max == min ? 0 : (x - min) / (max - min);
        }

        @Override
        public String describe() {
            return "linear from " + Numbers.text(min) + " to " + Numbers.text(max) + ", " + reason;
        }
    }
}
