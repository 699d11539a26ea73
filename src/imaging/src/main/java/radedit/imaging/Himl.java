package radedit.imaging;

import radedit.imaging.pixel.GreyTransform;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Numbers;
import radedit.imaging.pixel.PixelArray;

/**
 * The levels that the image loader of hi-ml (health_multimodal.image.data.io.load_image) makes of a film: in double
 * precision {@code x -= min; x /= max; x *= 255}, truncated, over all frames and samples; colours then to grey as Pillow's
 * convert("L") does it. It starts from stored values, or from rescaled ones where readers hand these out (whole
 * numbers then in single precision, as SimpleITK does), and knows no window, padding or MONOCHROME1.
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

    /** What the loader sees of a stored value. */
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

    /** The same before it is truncated, 0 to 1. */
    double share(double stored) {
        return GreyTransform.clip((input(stored) - min) / max);
    }

    /** [frames, rows, columns] */
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

    /** How a value gets its level, in words. */
    String describe() {
        return "(value - " + Numbers.text(min) + ") / " + Numbers.text(max)
                + " x 255, truncated; no rescale, window, padding or inversion";
    }
}
