package radedit.imaging;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

import org.jspecify.annotations.Nullable;
import radedit.imaging.pixel.Depth;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * Puts an edit of the model's square back into its film: the result has the film's size, depth and interpretation. With
 * the weight a of a pixel (1 in the mask, falling to 0 across the feather around it)
 *
 * <pre>
 * level = level(stored) + a (edited - level(stored))      levels by the film's loader, unrounded
 * new   = the stored value whose level is nearest          {@link TabulatedInverse}
 * </pre>
 *
 * Pixels of weight 0 keep their values; this is checked pixel by pixel on the result.
 */
public final class NativeEdit {
    private static final int FEWEST_BITS = 8;
    private static final int MOST_BITS = 16;

    /**
     * The result of an edit.
     *
     * @param film
     *            the film that was edited
     * @param stored
     *            stored values [1, rows, columns, samples], of the film's type
     * @param share
     *            weight of the edit for each pixel, 0 to 255
     * @param region
     *            the pixels that may differ from the film
     * @param measured
     *            how much they differ, for metadata
     */
    public record Outcome(Film film, PixelArray stored, Picture share, Mask region, Map<String, Object> measured) {}

    private final Film film;
    private final Placement placement;
    private final int feather;
    private final Mask edit;
    private final float[] weights;

    private NativeEdit(Film film, Placement placement, Mask edit, @Nullable Mask keep, int feather) {
        this.film = film;
        this.placement = placement;
        this.feather = feather;
        this.edit = edit;
        this.weights = weights(keep);
    }

    /**
     * {@return the reason why an edit cannot be put back into a film; null if it can}
     *
     * @param film
     *            the film
     */
    public static @Nullable Message obstacle(Film film) {
        PixelMeaning m = film.meaning(0);
        String lost = film.facts().get(FileChecks.NOT_KEPT);
        if (film.frames() > 1) {
            return Message.of("has several frames; ", Setting.FRAME, " chooses one");
        }
        if (m.photometric() == Photometric.PALETTE_COLOR || "palette".equals(lost)) {
            return Message.of(
                    "keeps its colours in a palette, which cannot hold an edit; convert it to grey or RGB first");
        }
        if (lost != null) {
            return Message.of("has ", lost, ", which would be lost; convert it to grey or RGB without it first");
        }
        boolean known = m.depth().isKnown();
        if (known && (m.depth().bits() < FEWEST_BITS || m.depth().bits() > MOST_BITS)) {
            return Message.of("has ", m.depth().bits(), " bits a sample; ", FEWEST_BITS, " to ", MOST_BITS,
                    " are supported");
        }
        double[] range = range(film);
        if (!Double.isFinite(range[1] - range[0])) {
            return Message.of("has values that are not finite, or none; replace them first");
        }
        if (film.isColour() && (film.options().loader() == Loader.HIML
                || film.options().loader() == Loader.TORCHXRAYVISION)) {
            return Message.of("is in colour, which loader ", film.options().loader(), " drops; use ", Setting.LOADER,
                    " standard");
        }
        return null;
    }

    /**
     * {@return the lowest and the highest possible stored value}
     *
     * @param film
     *            one without an {@link #obstacle}
     */
    public static double[] range(Film film) {
        Depth d = film.meaning(0).depth();
        return d.isKnown()
                ? new double[]{d.min(), d.max()}
                : film.pixels().range(0, film.pixels().size(), v -> v, v -> true);
    }

    /**
     * Puts an edit back.
     *
     * @param film
     *            one without an {@link #obstacle}
     * @param edited
     *            the square's red, green and blue planes [3, size, size], 0 to 1
     * @param placement
     *            where the film lies in the square
     * @param edit
     *            the edit mask, in the film's pixels
     * @param keep
     *            the part of the keep mask that overrides the edit mask; null for none
     * @param feather
     *            width in pixels around the mask across which the edit fades out
     * @return the edited film
     */
    public static Outcome apply(Film film, double[] edited, Placement placement, Mask edit, @Nullable Mask keep,
            int feather) {
        return new NativeEdit(film, placement, edit, keep, feather).outcome(edited);
    }

    private float[] weights(@Nullable Mask keep) {
        int w = edit.width();
        int[] distances = DistanceTransform.squared(edit);
        float[] out = new float[distances.length];
        for (int i = 0; i < out.length; i++) {
            double d = Math.sqrt(distances[i]);
            boolean untouched = d > feather || keep != null && keep.pixels()[i]
                    || film.meaning(0).padding().isDeclared()
                            && film.meaning(0).padding().contains(film.pixels().at(i * film.pixels().samples()));
            out[i] = untouched
                    ? 0
                    : (float) ((1 - d / (feather + 1))
                            * inSquare(i % w, w, placement.scaleX(), placement.left())
                            * inSquare(i / w, edit.height(), placement.scaleY(), placement.top()));
        }
        return out;
    }

    /** 1 in the square, falling to 0 towards the sides at which the square crops the film, 0 beyond. */
    private double inSquare(int i, int extent, double scale, double offset) {
        double before = i + 0.5 - offset / scale;
        double behind = (placement.size() + offset) / scale - (i + 0.5);
        double near = 1;
        if (offset > 0) {
            near = Math.min(near, (before + 0.5) / (feather + 1));
        }
        if (placement.size() + offset < extent * scale - 0.5) {
            near = Math.min(near, (behind + 0.5) / (feather + 1));
        }
        return before < 0 || behind < 0 ? 0 : near;
    }

    private Outcome outcome(double[] edited) {
        PixelArray before = film.pixels();
        PixelArray after = before.copy();
        boolean[] region = new boolean[weights.length];
        int left = edit.width();
        int right = -1;
        int top = edit.height();
        int bottom = -1;
        for (int i = 0; i < region.length; i++) {
            if (weights[i] > 0) {
                region[i] = true;
                left = Math.min(left, i % edit.width());
                right = Math.max(right, i % edit.width());
                top = Math.min(top, i / edit.width());
                bottom = i / edit.width();
            }
        }
        if (right >= 0) {
            fill(after, edited, left, top, right - left + 1, bottom - top + 1);
        }
        Mask where = new Mask(edit.width(), edit.height(), region);
        return new Outcome(film, after, share(), where, measured(before, after, region));
    }

    private Picture share() {
        byte[] out = new byte[weights.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) Math.round(255 * weights[i]);
        }
        return new Picture(edit.width(), edit.height(), 1, out);
    }

    /** The inverse of the loader's curve: a table, or the curve itself where stored values are too many for one. */
    private LevelInverse inverse() {
        double[] range = range(film);
        DoubleUnaryOperator curve = film.isColour()
                ? v -> v / film.meaning(0).depth().max()
                : film.options().loader().curve(film, 0);
        if (film.pixels().isInteger() && range[1] - range[0] < 1 << MOST_BITS) {
            return new TabulatedInverse(curve, (int) range[0], (int) range[1], film.meaning(0).padding());
        }
        DoubleUnaryOperator rounding = film.space() instanceof NiftiFrame own
                ? own::nearest
                : film.pixels().isInteger() ? Math::rint : v -> v;
        return new MonotoneInverse(curve, range[0], range[1], rounding);
    }

    /** Blends the pixels of a rectangle by their weights. */
    private void fill(PixelArray stored, double[] edited, int x, int y, int width, int height) {
        int samples = film.pixels().samples();
        int plane = placement.size() * placement.size();
        LevelInverse levels = inverse();
        for (int s = 0; s < samples; s++) {
            double[] square = new double[plane];
            for (int i = 0; i < plane; i++) {
                square[i] = samples == 3
                        ? edited[s * plane + i]
                        : 0.299 * edited[i] + 0.587 * edited[plane + i] + 0.114 * edited[2 * plane + i];
            }
            double[] part = Resample.part(square, placement, x, y, width, height, Resample.Filter.BICUBIC);
            for (int i = 0; i < part.length; i++) {
                int pixel = (y + i / width) * edit.width() + x + i % width;
                if (weights[pixel] > 0) {
                    int at = pixel * samples + s;
                    double before = stored.at(at);
                    double old = levels.level(before);
                    double now = old + weights[pixel] * (Math.clamp(part[i], 0, 1) - old);
                    stored.put(at, levels.nearest(now, before));
                }
            }
        }
    }

    private Map<String, Object> measured(PixelArray before, PixelArray after, boolean[] region) {
        int samples = film.pixels().samples();
        int changed = 0;
        int outside = 0;
        double largest = 0;
        int pixels = 0;
        for (int i = 0; i < region.length; i++) {
            boolean same = true;
            for (int s = i * samples; s < (i + 1) * samples; s++) {
                same &= Double.compare(after.at(s), before.at(s)) == 0;
                double difference = Math.abs(after.at(s) - before.at(s));
                largest = difference > largest ? difference : largest; // a NaN counts as no difference
            }
            changed += same ? 0 : 1;
            outside += same || region[i] ? 0 : 1;
            pixels += region[i] ? 1 : 0;
        }
        if (outside > 0) {
            throw new IllegalStateException(outside + " pixels outside the mask and its feather have changed");
        }
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("width", edit.width());
        m.put("height", edit.height());
        m.put("feather", feather);
        m.put("filter", "bicubic");
        m.put("mask_pixels", edit.count());
        m.put("region_pixels", pixels);
        m.put("changed_pixels", changed);
        m.put("changed_outside", outside);
        m.put("largest_change", before.isInteger() ? (Object) (int) largest : (Object) largest);
        return m;
    }
}
