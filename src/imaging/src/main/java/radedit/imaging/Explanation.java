package radedit.imaging;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import radedit.imaging.pixel.GreyTransform;
import radedit.imaging.pixel.Numbers;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.Palette;
import radedit.imaging.pixel.PixelArray;
import radedit.imaging.pixel.PixelMeaning;

/**
 * The steps from stored values to grey levels, for one pixel or a whole frame.
 *
 * @param steps
 *            in order
 */
public record Explanation(List<Step> steps) {
    /**
     * One step.
     *
     * @param name
     *            stored, padding, modality, voi, polarity, colour, display or picture
     * @param values
     *            results of the step: for a pixel one per sample, for a frame the least and the greatest; empty where
     *            the step has no value of its own
     * @param how
     *            the rule, in words
     */
    public record Step(String name, List<Double> values, String how) {
        /**
         * Copies the values.
         *
         * @throws NullPointerException
         *            if {@code values} is null or holds null
         */
        public Step {
            values = List.copyOf(values);
        }

        /**
         * {@return the values as text}
         *
         * @param ofPixel
         *            whether they belong to one pixel, and not to a frame
         */
        public String text(boolean ofPixel) {
            return values.stream().map(v -> Numbers.text(v)).collect(Collectors.joining(ofPixel ? ", " : " to "));
        }
    }

    /**
     * A pixel.
     *
     * @param x
     *            column, from 0
     * @param y
     *            row, from 0
     */
    public record Pixel(int x, int y) {}

    /**
     * {@return the steps for a frame or one of its pixels}
     *
     * @param film
     *            the film
     * @param frame
     *            from 0
     * @param at
     *            the pixel; null for the frame as a whole
     */
    public static Explanation of(Film film, int frame, @Nullable Pixel at) {
        return new Explanation(new Walk(film, frame, at).steps());
    }

    /** Walks the steps of one frame or pixel. */
    private static final class Walk {
        private final Film film;
        private final int frame;
        private final @Nullable Pixel at;
        private final PixelArray pixels;
        private final PixelMeaning meaning;
        private final List<Step> steps = new ArrayList<>();

        Walk(Film film, int frame, @Nullable Pixel at) {
            this.film = film;
            this.frame = frame;
            this.at = at;
            this.pixels = film.pixels();
            this.meaning = film.meaning(frame);
        }

        List<Step> steps() {
            add("stored", v -> v, film.facts().getOrDefault("cells", meaning.depth().toString()));
            if (film.isColour()) {
                colour();
            } else {
                grey(film.transform(frame));
            }
            picture();
            return steps;
        }

        private void grey(GreyTransform t) {
            boolean padding = meaning.padding().isDeclared() && padding(meaning.padding());
            if (!padding) {
                add("modality", meaning.modality()::apply, meaning.modality().describe());
                add("voi", t::level, t.voi().describe() + ", clipped to 0..1");
                add("polarity", v -> meaning.isInverted() ? 1 - t.level(v) : t.level(v),
                        (meaning.shape() == PixelMeaning.Shape.UNSAID
                                ? meaning.photometric()
                                : "Presentation LUT Shape " + meaning.shape())
                                + (meaning.isInverted()
                                        ? ": the lowest value is white, 1 - y"
                                        : ": the lowest value is black, unchanged"));
            }
            add("display", t::display, padding ? "padding is black" : "0 is black, 1 is white");
        }

        /** Whether the explained pixel is padding. */
        private boolean padding(Padding p) {
            if (at == null) {
                int from = frame * pixels.frameSize();
                long n = IntStream.range(from, from + pixels.frameSize()).filter(i -> p.contains(pixels.at(i))).count();
                steps.add(new Step("padding", List.of(), "stored " + p + " is not a picture: " + n + " of "
                        + pixels.frameSize() + " pixels"));
                return false;
            }
            boolean is = p.contains(pixels.at(first(at)));
            steps.add(new Step("padding", List.of(), "stored " + p + " is not a picture: this pixel is "
                    + (is ? "padding" : "none of it")));
            return is;
        }

        private void colour() {
            Palette palette = meaning.palette();
            String how = palette != null
                    ? "red, green, blue of the palette (" + palette.red() + ")"
                    : "red, green, blue, each over " + Numbers.text(meaning.depth().max());
            double[] display = film.display();
            int plane = film.rows() * film.columns();
            if (at == null) {
                steps.add(new Step("colour", List.of(), how));
                PixelArray d = PixelArray.of(film.frames(), film.rows(), film.columns(), 1, display);
                steps.add(new Step("display", range(d.range(frame * plane, (frame + 1) * plane, v -> v, v -> true)),
                        "0.299 R + 0.587 G + 0.114 B"));
            } else {
                int pixel = frame * plane + at.y() * film.columns() + at.x();
                steps.add(new Step("colour", IntStream.range(0, 3).mapToObj(c -> film.colour(pixel, c)).toList(), how));
                steps.add(new Step("display", List.of(display[pixel]), "0.299 R + 0.587 G + 0.114 B"));
            }
        }

        private void picture() {
            Picture p = film.picture(frame);
            int[] levels = new int[p.samples().length];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = p.samples()[i] & 0xFF;
            }
            String how = "loader " + film.options().loader() + ": "
                    + film.options().loader().describe(film, frame);
            List<Double> values;
            if (at == null) {
                PixelArray a = PixelArray.of(1, p.height(), p.width(), p.channels(), levels);
                values = range(a.range(0, levels.length, v -> v, v -> true));
            } else {
                int from = (at.y() * p.width() + at.x()) * p.channels();
                values = IntStream.range(from, from + p.channels()).mapToObj(i -> (double) levels[i]).toList();
            }
            steps.add(new Step("picture", values, how));
        }

        private int first(Pixel p) {
            return frame * pixels.frameSize() + (p.y() * pixels.columns() + p.x()) * pixels.samples();
        }

        private void add(String name, DoubleUnaryOperator f, String how) {
            List<Double> values = at == null
                    ? range(pixels.range(frame * pixels.frameSize(), (frame + 1) * pixels.frameSize(), f,
                            v -> name.equals("stored") || !meaning.padding().contains(v)))
                    : IntStream.range(first(at), first(at) + pixels.samples()).mapToDouble(pixels::at).map(f).boxed()
                            .toList();
            steps.add(new Step(name, values, how));
        }

        private static List<Double> range(double[] ends) {
            return ends[0] <= ends[1] ? List.of(ends[0], ends[1]) : List.of();
        }
    }
}
