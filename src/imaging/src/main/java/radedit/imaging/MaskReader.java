package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;

/**
 * Reads masks from files of any film format. Unless a selection says otherwise, these pixels are in the mask:
 *
 * <ul>
 * <li>PNG with a palette: index not 0, whatever the colours;
 * <li>pictures whose colours are all equal, but whose alpha varies: opaque pixels (alpha of at least half);
 * <li>other pictures: grey (ITU-R BT.601) of at least half of the highest level, whatever the alpha; not 0 where the
 * highest value in the file is 1, as in label files;
 * <li>NIfTI and other formats without a declared range: above 0, or at least 0.5 where values are not whole.
 * </ul>
 *
 * A palette picture with alpha is treated like other pictures if its colours are greys. Voxels keep the order in which
 * they are stored, as in {@link NiftiReader}.
 */
public final class MaskReader {
    private static final int HALF = 128;

    private MaskReader() {
    }

    /**
     * Values that are compared with a threshold.
     *
     * @param highest
     *            the highest possible level; 0 if the values are labels
     * @param perhapsLabels
     *            whether the values are labels if none is above 1
     */
    private record Levels(double[] values, double highest, boolean perhapsLabels) {
        /** Whether most values are far from both ends, which masks have along soft edges only. */
        boolean isLikeFilm() {
            double eighth = highest / 8;
            long between = Arrays.stream(values).filter(v -> v > eighth && v < highest - eighth).count();
            return highest > 0 && 2 * between > values.length;
        }

        /** The maximum over frames, for each pixel. */
        Levels joined(int frames) {
            if (frames == 1) {
                return this;
            }
            int plane = values.length / frames;
            double[] out = Arrays.copyOf(values, plane);
            for (int i = plane; i < values.length; i++) {
                out[i % plane] = Math.max(out[i % plane], values[i]);
            }
            return new Levels(out, highest, perhapsLabels);
        }
    }

    /**
     * Reads a mask.
     *
     * @param file
     *            the file
     * @param selection
     *            which pixels are the mask
     * @param note
     *            receives sentences that a user should see
     * @return the mask, of the file's size
     * @throws ImageRequestException
     *            if the file does not have what the selection asks for
     * @throws ImageFormatException
     *            if the file is not a picture, has several frames of which none is selected, or has nonzero values but
     *            none above the threshold
     * @throws IOException
     *            if the file cannot be read
     */
    public static Mask read(Path file, MaskSelection selection, Consumer<String> note) throws IOException {
        if (!selection.segments().isEmpty()) {
            throw new ImageFormatException(file, "has no segments to choose from");
        }
        Film film = Films.read(file, new FilmOptions(Loader.STANDARD,
                Math.max(FilmReader.ALL_FRAMES, selection.frame()), WindowChoice.FROM_FILE));
        film.warnings().forEach(w -> note.accept(file + ": " + w));
        if (film.frames() > 1 && selection.frame() != MaskSelection.ALL) {
            throw new ImageFormatException(file,
                    "has " + film.frames() + " frames; #frame=K after its name chooses one"
                            + " (from 1), #frame=all joins them");
        }
        if (selection.frame() == MaskSelection.ALL && film.frames() == 1 && film.framesInFile() > 1) {
            throw new ImageRequestException(file, "is read a frame at a time; #frame=K chooses one of its "
                    + film.framesInFile());
        }
        Levels levels = new Choice(film, selection, note).levels().joined(film.frames());
        boolean brightness = selection.labels().isEmpty() && selection.above() == null
                && film.dropped().alpha() == null;
        if (brightness && levels.isLikeFilm()) {
            note.accept(file
                    + ": most of its pixels are neither dark nor bright, as of a film; the mask is what is at least"
                    + " half as bright as white, which may not be what is meant");
        }
        return chosen(file, film, levels, selection);
    }

    private static Mask chosen(Path file, Film film, Levels l, MaskSelection s) throws ImageFormatException {
        double max = 0;
        boolean whole = true;
        for (double v : l.values) {
            max = Math.max(max, v);
            whole &= v == Math.rint(v);
        }
        double from; // the least value in the mask
        if (l.highest > 0 && !(max == 1 && l.perhapsLabels)) {
            from = l.highest / 2;
        } else {
            from = whole ? Double.MIN_VALUE : 0.5;
        }
        boolean[] set = new boolean[l.values.length];
        boolean any = false;
        for (int i = 0; i < set.length; i++) {
            double v = l.values[i];
            if (!s.labels().isEmpty()) {
                set[i] = v == Math.rint(v) && s.labels().contains((int) v);
            } else {
                set[i] = s.above() != null ? v > s.above() : v >= from;
            }
            any |= set[i];
        }
        boolean asked = !s.labels().isEmpty() || s.above() != null;
        if (!any && (max > 0 || asked)) {
            throw new ImageFormatException(file, asked
                    ? "has none of the chosen values; its highest value is " + text(max)
                    : "has no pixel of at least half of " + text(l.highest > 0 ? l.highest : 1) + ", the highest is "
                            + text(max) + "; #above=0 or #label=N after its name says which values are the mask");
        }
        return new Mask(film.columns(), film.rows(), set);
    }

    private static String text(double v) {
        return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
    }

    /** Chooses the channel of a film that is its mask. */
    private static final class Choice {
        private final Film film;
        private final MaskSelection.Alpha alpha;
        private final Consumer<String> note;
        private final DroppedChannels dropped;

        Choice(Film film, MaskSelection selection, Consumer<String> note) {
            this.film = film;
            this.alpha = selection.alpha();
            this.note = note;
            this.dropped = film.dropped();
        }

        Levels levels() throws ImageFormatException {
            int[] opacities = dropped.alpha();
            int[] indices = dropped.indices();
            if (alpha == MaskSelection.Alpha.SET || alpha == MaskSelection.Alpha.CLEAR) {
                if (opacities == null) {
                    throw new ImageRequestException(film.file(),
                            "has no alpha channel that #alpha could choose; leave it out");
                }
                return opacity(opacities, alpha == MaskSelection.Alpha.CLEAR);
            }
            if (alpha == MaskSelection.Alpha.IGNORE) {
                return brightness();
            }
            if (opacities != null && !isOpaque(opacities) && isOneColour()) {
                note.accept(film.file() + ": all its colours are equal, so its alpha decides: what is opaque is the"
                        + " mask; #alpha=clear after its name selects what is transparent, #alpha=ignore what is bright");
                return opacity(opacities, false);
            }
            boolean grey = opacities != null && !film.isColour();
            return indices == null || grey ? brightness() : indices(indices);
        }

        private boolean isOpaque(int[] opacities) {
            return Arrays.stream(opacities).allMatch(a -> a == dropped.alphaHighest());
        }

        private boolean isOneColour() {
            PixelArray p = film.pixels();
            for (int i = p.samples(); i < p.size(); i++) {
                if (p.at(i) != p.at(i - p.samples())) {
                    return false;
                }
            }
            return true;
        }

        private Levels opacity(int[] opacities, boolean turned) {
            int highest = dropped.alphaHighest();
            double[] values = new double[opacities.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = turned ? highest - opacities[i] : opacities[i];
            }
            return new Levels(values, highest, false);
        }

        /** A palette's indices; index 0 is outside the mask. */
        private Levels indices(int[] indices) {
            double[] values = new double[indices.length];
            boolean brightGround = false;
            boolean darkMask = false;
            for (int i = 0; i < values.length; i++) {
                values[i] = indices[i];
                boolean bright = !film.isColour() && film.pixels().at(i) >= HALF;
                brightGround |= bright && values[i] == 0;
                darkMask |= !film.isColour() && !bright && values[i] != 0;
            }
            if (brightGround && darkMask) {
                note.accept(film.file() + ": the first colour of its palette, which is outside the mask, is brighter"
                        + " than others; #alpha=ignore after its name lets brightness decide");
            }
            return new Levels(values, 0, true);
        }

        private Levels brightness() {
            if (film.isColour() && film.meaning(0).photometric() == Photometric.RGB) {
                return greyOfColours();
            }
            if (film.isColour()) {
                return new Levels(film.display(), 1, true);
            }
            double[] values = film.modality();
            boolean known = film.meaning(0).depth().isKnown();
            double highest = known ? film.meaning(0).depth().max() : 0;
            @SuppressWarnings("ReferenceEquality") // a file may say slope 1 and intercept 0
            boolean turned = known && film.meaning(0).photometric() == Photometric.MONOCHROME1
                    && film.meaning(0).modality() == ModalityTransform.IDENTITY;
            for (int i = 0; i < values.length; i++) {
                double v = turned ? highest - values[i] : values[i];
                // NaN is outside.
                values[i] = Double.isNaN(v) ? Double.NEGATIVE_INFINITY : v;
            }
            return new Levels(values, highest, true);
        }

        /** Grey like Pillow's convert("L"), after dropping the low byte of 16-bit samples. */
        private Levels greyOfColours() {
            PixelArray p = film.pixels();
            int bits = film.meaning(0).depth().bits();
            byte[] rgb = new byte[p.size()];
            for (int i = 0; i < rgb.length; i++) {
                int v = (int) p.at(i);
                rgb[i] = (byte) (bits >= 8 ? v >> bits - 8 : v * 255 / ((1 << bits) - 1));
            }
            byte[] grey = new Picture(p.columns(), p.frames() * p.rows(), 3, rgb).toGrey().samples();
            double[] values = new double[grey.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = grey[i] & 0xFF;
            }
            return new Levels(values, 255, true);
        }
    }
}
