package radedit.imaging.pixel;

/** From stored values to those of the imaging device (PS3.3 C.11.1). */
public sealed interface ModalityTransform {
    /** Stored values as they are. */
    ModalityTransform IDENTITY = new Rescale(1, 0);

    double apply(double stored);

    /** The rule, in words. */
    String describe();

    /** stored * slope + intercept, in double precision (PS3.3 C.11.1.1.2). */
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

    /** An entry of a table (PS3.3 C.11.1.1.1). */
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
