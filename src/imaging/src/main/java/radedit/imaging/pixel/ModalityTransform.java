package radedit.imaging.pixel;

/** The transformation from stored values to values of the imaging device (PS3.3 C.11.1). */
public sealed interface ModalityTransform {
    /** Returns stored values unchanged. */
    ModalityTransform IDENTITY = new Rescale(1, 0);

    /**
     * {@return the modality value}
     *
     * @param stored
     *            a stored value
     */
    double apply(double stored);

    /** {@return the rule, in words} */
    String describe();

    /**
     * stored * slope + intercept, in double precision (PS3.3 C.11.1.1.2).
     *
     * @param slope
     *            Rescale Slope
     * @param intercept
     *            Rescale Intercept
     */
    record Rescale(double slope, double intercept) implements ModalityTransform {
        @Override
        public double apply(double stored) {
            return stored * slope + intercept;
        }

        @Override
        public String describe() {
            return slope == 1 && intercept == 0
                    ? "the stored value as it is"
                    : "stored x slope " + Numbers.text(slope) + " + intercept " + Numbers.text(intercept);
        }
    }

    /**
     * A look-up table (PS3.3 C.11.1.1.1).
     *
     * @param lut
     *            the table
     */
    record Table(LookupTable lut) implements ModalityTransform {
        @Override
        public double apply(double stored) {
            return lut.at(stored);
        }

        @Override
        public String describe() {
            return "Modality LUT of " + lut;
        }
    }
}
