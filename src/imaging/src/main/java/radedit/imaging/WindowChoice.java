package radedit.imaging;

/** The window through which a film is seen. */
public sealed interface WindowChoice {
    /** The file's VOI LUT, else its first window, else the range of the picture. */
    WindowChoice FROM_FILE = new FromFile();

    /** The type of {@link #FROM_FILE}. */
    record FromFile() implements WindowChoice {
        @Override
        public String toString() {
            return "from the file";
        }
    }

    /**
     * One of the file's windows, which takes precedence over a VOI LUT.
     *
     * @param number
     *            from 1
     */
    record Numbered(int number) implements WindowChoice {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException
         *            if it is below 1
         */
        public Numbered {
            if (number < 1) {
                throw new IllegalArgumentException("windows count from 1");
            }
        }

        @Override
        public String toString() {
            return Integer.toString(number);
        }
    }

    /**
     * A window in modality values, with the file's function (LINEAR if it names none).
     *
     * @param centre
     *            finite
     * @param width
     *            above 0
     */
    record Given(double centre, double width) implements WindowChoice {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException
         *            if the centre is not finite or the width is not above 0
         */
        public Given {
            if (!Double.isFinite(centre) || !Double.isFinite(width) || width <= 0) {
                throw new IllegalArgumentException("a window needs a centre and a width above 0");
            }
        }

        @Override
        public String toString() {
            return centre + "," + width;
        }
    }

    /**
     * {@return the choice that {@code N} or {@code centre,width} stands for}
     *
     * @param text
     *            what a user writes
     * @throws IllegalArgumentException
     *            if it is neither
     */
    static WindowChoice parse(String text) {
        int comma = text.indexOf(',');
        try {
            return comma < 0
                    ? new Numbered(Integer.parseInt(text.strip()))
                    : new Given(Double.parseDouble(text.substring(0, comma)),
                            Double.parseDouble(text.substring(comma + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is neither a window's number nor centre,width", e);
        }
    }
}
