package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelArray;

/**
 * Masks in files of any film format. Unless a selection says otherwise, a pixel belongs to the mask
 *
 * <ul>
 * <li>of a PNG with a palette if its index is not 0, whatever the colours;
 * <li>of a picture whose colours are all the same, and whose transparency is not, if it is opaque (alpha of at least
 * half);
 * <li>of other pictures if its grey (ITU-R BT.601) is at least half of the highest level, whatever its transparency, or not
 * 0 where the highest value in the file is 1, as in files of labels;
 * <li>of NIfTI files and others without a declared range if its value is above 0, or at least 0.5 where values are not
 * whole.
 * </ul>
 *
 * A palette with transparency is a picture like others where its colours are greys. Voxels keep the order in which they are
 * stored, as {@link NiftiReader} has it for films.
 */
public final class MaskReader {
    private static final int HALF = 128;

    private MaskReader() {
    }

    /**
     * Values of which some are the mask's.
     *
     * @param highest
     *            the highest level; 0 says that they are labels
     * @param perhapsLabels
     *            whether they are labels too if none is above 1
     */
    private record Levels(double[] values, double highest, boolean perhapsLabels) {
        /** Of several frames the highest of each pixel. */
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
     * @param note
     *            told what a user should know
     * @throws ImageRequestException
     *             if the selection asks for what the file does not have
     * @throws ImageFormatException
     *             if the file is no picture, holds several frames of which none is chosen, or has no pixel of a mask
     *             though it is not empty
     * @throws IOException
     *             if it cannot be read
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
                    "has " + film.frames() + " frames; #frame=K behind its name chooses one"
                            + " (from 1), #frame=all joins them");
        }
        if (selection.frame() == MaskSelection.ALL && film.frames() == 1 && film.framesInFile() > 1) {
            throw new ImageRequestException(file, "is read a frame at a time; #frame=K chooses one of its "
                    + film.framesInFile());
        }
        Levels levels = new Choice(film, selection, note).levels().joined(film.frames());
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
                    ? "has no pixel that is chosen; its highest value is " + text(max)
                    : "has no pixel of at least half of " + text(l.highest > 0 ? l.highest : 1) + ", the highest is "
                            + text(max) + "; #above=0 or #label=N behind its name says which values are the mask");
        }
        return new Mask(film.columns(), film.rows(), set);
    }

    private static String text(double v) {
        return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
    }

    /** What of a film decides. */
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
            boolean given = alpha == MaskSelection.Alpha.SET || alpha == MaskSelection.Alpha.CLEAR;
            if (given && dropped.alpha() == null) {
                throw new ImageRequestException(film.file(),
                        "has no alpha channel that #alpha could choose; leave it out");
            }
            if (given) {
                return opacity(alpha == MaskSelection.Alpha.CLEAR);
            }
            if (alpha == MaskSelection.Alpha.IGNORE) {
                return brightness();
            }
            if (dropped.alpha() != null && !isOpaque() && isOneColour()) {
                note.accept(film.file() + ": all its colours are the same, so its alpha decides: what is opaque is the"
                        + " mask; #alpha=clear behind its name takes what is transparent, #alpha=ignore the brightness");
                return opacity(false);
            }
            boolean grey = dropped.alpha() != null && !film.isColour();
            return dropped.indices() == null || grey ? brightness() : indices();
        }

        private boolean isOpaque() {
            return Arrays.stream(dropped.alpha()).allMatch(a -> a == dropped.alphaHighest());
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

        private Levels opacity(boolean turned) {
            int highest = dropped.alphaHighest();
            double[] values = new double[dropped.alpha().length];
            for (int i = 0; i < values.length; i++) {
                values[i] = turned ? highest - dropped.alpha()[i] : dropped.alpha()[i];
            }
            return new Levels(values, highest, false);
        }

        /** A palette's indices, of which 0 is outside. */
        private Levels indices() {
            double[] values = new double[dropped.indices().length];
            boolean brightGround = false;
            boolean darkMask = false;
            for (int i = 0; i < values.length; i++) {
                values[i] = dropped.indices()[i];
                boolean bright = !film.isColour() && film.pixels().at(i) >= HALF;
                brightGround |= bright && values[i] == 0;
                darkMask |= !film.isColour() && !bright && values[i] != 0;
            }
            if (brightGround && darkMask) {
                note.accept(film.file() + ": the first colour of its palette, which is outside the mask, is brighter"
                        + " than others; #alpha=ignore behind its name lets brightness decide");
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
                // What is no number is outside.
                values[i] = Double.isNaN(v) ? Double.NEGATIVE_INFINITY : v;
            }
            return new Levels(values, highest, true);
        }

        /** As Pillow's convert("L") has it, after samples of 16 bits lost their lower byte. */
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
