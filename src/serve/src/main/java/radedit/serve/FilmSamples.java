package radedit.serve;

import java.util.function.IntToDoubleFunction;

import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.imaging.Film;
import radedit.imaging.Picture;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;

/**
 * A film as unsigned 16-bit samples at its native size, from which its values follow: value = slope x sample + intercept.
 * Integers that differ by less than 65536 are exact; others are spread over the range. Of a colour film, luminances.
 *
 * @param bytes
 *            little-endian, row by row
 * @param exact
 *            whether every value is
 */
record FilmSamples(byte[] bytes, double slope, double intercept, int minimum, int maximum, boolean inverted,
        boolean exact) {
    private static final int MOST = 0xFFFF;

    /** The samples of a film of one frame; in colour, the grey levels of its picture, as an edit of it has them. */
    static FilmSamples of(Film film) {
        return film.isColour() ? of(film.picture(0)) : of(film, film.pixels());
    }

    /**
     * The samples of other stored values of a grey film. Slope and intercept are the film's.
     *
     * @param stored
     *            of the film's depth
     */
    static FilmSamples of(Film film, PixelArray stored) {
        PixelMeaning m = film.meaning(0);
        PixelArray own = film.pixels();
        double[] range = own.range(0, own.size(), v -> v, v -> true);
        boolean known = m.depth().isKnown();
        boolean whole = own.isInteger() && (known ? m.depth().bits() <= Short.SIZE : range[1] - range[0] <= MOST);
        if (whole && m.modality() instanceof ModalityTransform.Rescale r) {
            int offset = known ? (int) m.depth().min() : range[0] >= 0 && range[1] <= MOST ? 0 : (int) range[0];
            return whole(stored, offset, r, m.isInverted());
        }
        double[] values = own.range(0, own.size(), m.modality()::apply, Double::isFinite);
        return spread(stored.size(), i -> m.modality().apply(stored.at(i)), values, m.isInverted());
    }

    private static FilmSamples whole(PixelArray stored, int offset, ModalityTransform.Rescale r, boolean inverted) {
        byte[] bytes = new byte[2 * stored.size()];
        int min = MOST;
        int max = 0;
        for (int i = 0; i < stored.size(); i++) {
            int sample = Math.clamp((int) stored.at(i) - offset, 0, MOST);
            min = Math.min(min, sample);
            max = Math.max(max, sample);
            put(bytes, i, sample);
        }
        return new FilmSamples(bytes, r.slope(), r.slope() * offset + r.intercept(), min, max, inverted, true);
    }

    /** The samples of an 8-bit picture: its grey levels. */
    static FilmSamples of(Picture p) {
        Picture grey = p.toGrey();
        byte[] bytes = new byte[2 * grey.samples().length];
        int min = MOST;
        int max = 0;
        for (int i = 0; i < grey.samples().length; i++) {
            int v = grey.samples()[i] & 0xFF;
            min = Math.min(min, v);
            max = Math.max(max, v);
            put(bytes, i, v);
        }
        return new FilmSamples(bytes, 1, 0, min, max, false, true);
    }

    private static FilmSamples spread(int size, IntToDoubleFunction value, double[] range, boolean inverted) {
        boolean any = range[0] <= range[1] && Double.isFinite(range[1] - range[0]);
        double low = any ? range[0] : 0;
        double slope = any && range[1] > range[0] ? (range[1] - range[0]) / MOST : 1;
        byte[] bytes = new byte[2 * size];
        int min = MOST;
        int max = 0;
        for (int i = 0; i < size; i++) {
            double v = (value.applyAsDouble(i) - low) / slope;
            int sample = v >= 0 ? (int) Math.rint(Math.min(v, MOST)) : 0; // NaN is 0
            min = Math.min(min, sample);
            max = Math.max(max, sample);
            put(bytes, i, sample);
        }
        return new FilmSamples(bytes, slope, low, min, max, inverted, false);
    }

    private static void put(byte[] bytes, int index, int sample) {
        bytes[2 * index] = (byte) sample;
        bytes[2 * index + 1] = (byte) (sample >> 8);
    }

    /** What the samples mean, without them. */
    ObjectNode json() {
        return Json.object().put("slope", slope).put("intercept", intercept).put("minimum", minimum)
                .put("maximum", maximum).put("inverted", inverted).put("exact", exact);
    }
}
