package radedit.imaging;

import java.util.function.DoubleUnaryOperator;

import radedit.imaging.pixel.GreyTransform;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;

/**
 * A rule from stored values to the 8-bit picture that a model sees. Each reproduces a tool with which models were
 * trained.
 */
public enum Loader {
    /** Display levels x 255, rounded half up. Colours stay colours: each sample over its range x 255, rounded. */
    STANDARD("standard") {
        @Override
        Picture picture(Film film, int frame) {
            return film.isColour()
                    ? colour(film, frame)
                    : grey(film, frame, v -> round(film.transform(frame).display(v)));
        }

        @Override
        DoubleUnaryOperator curve(Film film, int frame) {
            return film.transform(frame)::display;
        }

        @Override
        String describe(Film film, int frame) {
            return "display x 255, rounded";
        }
    },
    /** The levels of hi-ml's loader; always grey. */
    HIML("himl") {
        @Override
        Picture picture(Film film, int frame) {
            return new Picture(film.columns(), film.rows(), 1, new Himl(film).levels(frame, frame + 1));
        }

        @Override
        DoubleUnaryOperator curve(Film film, int frame) {
            return new Himl(film)::share;
        }

        @Override
        String describe(Film film, int frame) {
            return new Himl(film).describe();
        }
    },
    /**
     * The result of pydicom's apply_modality_lut followed by apply_voi_lut, over the range of its possible results, x
     * 255, rounded. The range of a VOI LUT is that of its entries. The range of a window is that of its function, which
     * pydicom scales to the possible modality values. Without either, it is the range of modality values that Bits
     * Stored, sign, slope and intercept (or the Modality LUT) allow. As in pydicom, padding is drawn like any other
     * value and MONOCHROME1 is not inverted. Colours, and formats without a declared range, are treated as by {@link
     * #STANDARD}.
     */
    PYDICOM_VOI("pydicom-voi") {
        @Override
        Picture picture(Film film, int frame) {
            if (film.isColour()) {
                return colour(film, frame);
            }
            DoubleUnaryOperator curve = curve(film, frame);
            return grey(film, frame, v -> round(curve.applyAsDouble(v)));
        }

        @Override
        DoubleUnaryOperator curve(Film film, int frame) {
            Voi voi = view(film, frame);
            PixelMeaning m = film.meaning(frame);
            return v -> GreyTransform.clip(voi.apply(m.modality().apply(v)));
        }

        @Override
        String describe(Film film, int frame) {
            return (film.isColour() ? "colours" : view(film, frame).describe())
                    + ", x 255, rounded; padding and MONOCHROME1 have no effect";
        }

        private Voi view(Film film, int frame) {
            PixelMeaning m = film.meaning(frame);
            Voi voi = film.transform(frame).voi();
            boolean named = m.view() != null || !film.options().window().equals(WindowChoice.FROM_FILE);
            if (named || !m.depth().isKnown()) {
                return voi;
            }
            double[] possible = m.possibleRange();
            return new Voi.Range(possible[0], possible[1], "the possible range");
        }
    },
    /**
     * The normalisation of torchxrayvision (utils.read_xray_dcm, utils.load_image), -1024 to 1024, mapped back to 0 to
     * 255: stored / (2^bits - 1), inverted for MONOCHROME1, without rescale, window or padding; the first sample of
     * colours. Negative values are black. Palettes, and formats without a declared range, are treated as by {@link
     * #STANDARD}, in grey.
     */
    TORCHXRAYVISION("torchxrayvision") {
        @Override
        Picture picture(Film film, int frame) {
            PixelMeaning m = film.meaning(frame);
            if (m.photometric() == Photometric.PALETTE_COLOR || !m.depth().isKnown()) {
                return STANDARD.picture(film, frame).toGrey();
            }
            DoubleUnaryOperator curve = curve(film, frame);
            return grey(film, frame, v -> round(curve.applyAsDouble(v)));
        }

        @Override
        DoubleUnaryOperator curve(Film film, int frame) {
            PixelMeaning m = film.meaning(frame);
            if (!m.depth().isKnown()) {
                return STANDARD.curve(film, frame);
            }
            double most = (1L << m.depth().bits()) - 1;
            boolean inverted = m.photometric() == Photometric.MONOCHROME1;
            return v -> GreyTransform.clip((inverted ? most - v : v) / most);
        }

        @Override
        String describe(Film film, int frame) {
            PixelMeaning m = film.meaning(frame);
            if (m.photometric() == Photometric.PALETTE_COLOR || !m.depth().isKnown()) {
                return STANDARD.describe(film, frame);
            }
            long most = (1L << m.depth().bits()) - 1;
            String y = m.photometric() == Photometric.MONOCHROME1 ? "(" + most + " - stored)" : "stored";
            return "(2 x " + y + " / " + most + " - 1) x 1024, and back to 0..255, rounded;"
                    + " no rescale, window or padding";
        }
    };

    private final String name;

    Loader(String name) {
        this.name = name;
    }

    /**
     * The picture of a frame.
     *
     * @param frame
     *            from 0
     */
    abstract Picture picture(Film film, int frame);

    /** The curve from stored values of a grey film's frame to levels of 0 to 1, before rounding. */
    abstract DoubleUnaryOperator curve(Film film, int frame);

    /** The rule from values to levels of the picture, in words. */
    abstract String describe(Film film, int frame);

    /** Scales a level of 0 to 1 to 0 to 255 and rounds it. */
    private static double round(double y) {
        return Math.floor(GreyTransform.clip(y) * 255 + 0.5);
    }

    /** A grey picture from the first sample of each pixel. */
    private static Picture grey(Film film, int frame, DoubleUnaryOperator level) {
        PixelArray p = film.pixels();
        int from = frame * p.frameSize();
        byte[] levels = p.mapToLevels(from, from + p.frameSize(), level);
        if (p.samples() > 1) {
            byte[] first = new byte[levels.length / p.samples()];
            for (int i = 0; i < first.length; i++) {
                first[i] = levels[i * p.samples()];
            }
            levels = first;
        }
        return new Picture(p.columns(), p.rows(), 1, levels);
    }

    private static Picture colour(Film film, int frame) {
        int plane = film.rows() * film.columns();
        byte[] out = new byte[3 * plane];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                out[3 * i + c] = (byte) (int) round(film.colour(frame * plane + i, c));
            }
        }
        return new Picture(film.columns(), film.rows(), 3, out);
    }

    /** {@return the name that users write, such as {@code pydicom-voi}} */
    @Override
    public String toString() {
        return name;
    }
}
