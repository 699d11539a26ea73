package radedit.imaging;

import radedit.imaging.pixel.GreyTransform;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Numbers;
import radedit.imaging.pixel.PixelArray;

/**
 * The levels of hi-ml's image loader (health_multimodal.image.data.io.load_image): in double precision {@code x -= min;
 * x /= max; x *= 255}, truncated, with min and max over all frames and samples; colours are then converted to grey like
 * Pillow's convert("L"). The input is stored values, or rescaled ones for formats whose readers return these (whole
 * numbers then in single precision, as in SimpleITK). Windows, padding and MONOCHROME1 are ignored.
 */
final class Himl {
    private final Film film;
    private final double min;
    private final double max;

    Himl(Film film) {
        this.film = film;
        PixelArray p = film.pixels();
        double[] ends = p.range(0, p.size(), this::input, v -> true);
        this.min = ends[0];
        this.max = ends[1] - ends[0];
    }

    /** The loader's input for a stored value. */
    private double input(double stored) {
        ModalityTransform modality = film.meaning(0).modality();
        if (!film.rescaledOnReading() || modality.equals(ModalityTransform.IDENTITY)) {
            return stored;
        }
        return film.pixels().isInteger() ? (float) modality.apply(stored) : modality.apply(stored);
    }

    /** The level of one sample, 0 to 255. */
    double level(double stored) {
        double y = (input(stored) - min) / max * 255;
        return y > 0 ? Math.floor(y) : 0;
    }

    /** The level before truncation, divided by 255: 0 to 1. */
    double share(double stored) {
        return GreyTransform.clip((input(stored) - min) / max);
    }

    /** Levels [frames, rows, columns]. */
    byte[] levels() {
        return levels(0, film.frames());
    }

    byte[] levels(int fromFrame, int toFrame) {
        PixelArray p = film.pixels();
        byte[] all = p.mapToLevels(fromFrame * p.frameSize(), toFrame * p.frameSize(), this::level);
        return p.samples() == 1
                ? all
                : new Picture(p.columns(), (toFrame - fromFrame) * p.rows(), 3, all).toGrey().samples();
    }

    /** The rule from a value to its level, in words. */
    String describe() {
        return "(value - " + Numbers.text(min) + ") / " + Numbers.text(max)
                + " x 255, truncated; no rescale, window, padding or inversion";
    }
}
