package radedit.imaging;

/** Which window a film is seen through. */
public sealed interface WindowChoice {
    /** As the file says: a VOI LUT before the first window, before the range of the picture. */
    WindowChoice FROM_FILE = new FromFile();

    /** See {@link #FROM_FILE}. */
    record FromFile() implements WindowChoice {
        @Override
        public String toString() {
            return "from the file";
        }
    }

    /** One of the file's windows, counted from 1; before a VOI LUT too. */
    record Numbered(int number) implements WindowChoice {
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

    /** A window in modality values, with the file's function (LINEAR unless it names another). */
    record Given(double centre, double width) implements WindowChoice {
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
     * Reads {@code N} or {@code centre,width}.
     *
     * @throws IllegalArgumentException
     *             if it is neither
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
