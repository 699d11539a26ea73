package radedit.imaging;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import radedit.imaging.pixel.PixelArray;

/**
 * Masks in files of any film format. Unless a selection says otherwise, a pixel belongs to the mask
 *
 * <ul>
 * <li>of a PNG with a palette if its index is not 0, whatever the colours;
 * <li>of a PNG whose transparency is not the same everywhere if its alpha is at least half;
 * <li>of other pictures if its grey (ITU-R BT.601) is at least half of the highest level, or not 0 where the highest value
 * in the file is 1, as in files of labels;
 * <li>of NIfTI files if its value is above 0, or at least 0.5 where values are not whole.
 * </ul>
 *
 * Voxels keep the order in which they are stored, as {@link NiftiReader} has it for films.
 */
public final class MaskReader {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G'};
    private static final int PNG_COLOUR_TYPE = 25;
    private static final int PNG_GREY = 0;

    private MaskReader() {
    }

    /** Values of which some are the mask's; a highest level of 0 says that they are labels. */
    private record Levels(int width, int height, double[] values, double highest) {}

    /**
     * Reads a mask.
     *
     * @param note
     *            told what is odd about the file
     * @throws ImageFormatException
     *             if the file is no picture, holds several frames of which none is chosen, or has no pixel of a mask
     *             though it is not empty
     * @throws IOException
     *             if it cannot be read
     */
    public static Mask read(Path file, MaskSelection selection, Consumer<String> note) throws IOException {
        Films.requireRegular(file);
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(PNG_COLOUR_TYPE + 1);
        }
        boolean png = head.length > PNG_COLOUR_TYPE && java.util.Arrays.equals(head, 0, 4, PNG, 0, 4);
        if (!selection.segments().isEmpty()) {
            throw new ImageFormatException(file, "has no segments to choose from");
        }
        Levels levels = png && selection.frame() <= 1
                ? png(file, head[PNG_COLOUR_TYPE] == PNG_GREY)
                : film(file, selection.frame(), note);
        return chosen(file, levels, selection);
    }

    private static Mask chosen(Path file, Levels l, MaskSelection s) throws ImageFormatException {
        double max = 0;
        boolean whole = true;
        for (double v : l.values) {
            max = Math.max(max, v);
            whole &= v == Math.rint(v);
        }
        double from; // the least value in the mask
        if (l.highest > 0 && max != 1) {
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
        return new Mask(l.width, l.height, set);
    }

    private static String text(double v) {
        return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
    }

    /** A PNG file with its palette and transparency, which films have no use for. */
    private static Levels png(Path file, boolean grey) throws IOException {
        try (ImageInputStream in = Rasters.open(file)) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("PNG").next();
            try {
                reader.setInput(in, true, true);
                Rasters.checkSize(file, reader.getWidth(0), reader.getHeight(0), Files.size(file));
                return levels(reader.read(0), grey);
            } finally {
                reader.dispose();
            }
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw Rasters.damaged(file, e);
        }
    }

    private static Levels levels(BufferedImage image, boolean grey) {
        ColorModel model = image.getColorModel();
        Raster raster = image.getRaster();
        int w = image.getWidth();
        int h = image.getHeight();
        if (model instanceof IndexColorModel) {
            double[] indices = raster.getSamples(0, 0, w, h, 0, (double[]) null);
            return new Levels(w, h, indices, grey ? (1 << model.getPixelSize()) - 1 : 0);
        }
        double highest = (1 << model.getComponentSize(0)) - 1;
        if (model.hasAlpha()) {
            double[] alpha = raster.getSamples(0, 0, w, h, model.getNumComponents() - 1, (double[]) null);
            for (double a : alpha) {
                if (a != alpha[0]) {
                    return new Levels(w, h, alpha, highest);
                }
            }
        }
        double[] first = raster.getSamples(0, 0, w, h, 0, (double[]) null);
        if (model.getNumColorComponents() == 1) {
            return new Levels(w, h, first, highest);
        }
        double[] second = raster.getSamples(0, 0, w, h, 1, (double[]) null);
        double[] third = raster.getSamples(0, 0, w, h, 2, (double[]) null);
        for (int i = 0; i < first.length; i++) {
            first[i] = Math.rint(0.299 * first[i] + 0.587 * second[i] + 0.114 * third[i]);
        }
        return new Levels(w, h, first, highest);
    }

    /** Any other format; several frames are joined by their highest value if all are asked for. */
    private static Levels film(Path file, int frame, Consumer<String> note) throws IOException {
        Film film = Films.read(file, new FilmOptions(Loader.STANDARD, Math.max(FilmReader.ALL_FRAMES, frame),
                WindowChoice.FROM_FILE));
        film.warnings().forEach(w -> note.accept(file + ": " + w));
        if (film.frames() > 1 && frame != MaskSelection.ALL) {
            throw new ImageFormatException(file,
                    "has " + film.frames() + " frames; #frame=K behind its name chooses one"
                            + " (from 1), #frame=all joins them");
        }
        PixelArray p = film.pixels();
        int plane = p.rows() * p.columns();
        double[] values = new double[plane];
        double[] all = film.isColour() ? film.display() : film.modality();
        for (int i = 0; i < all.length; i++) {
            // What is no number is outside.
            values[i % plane] = Math.max(values[i % plane], all[i] > 0 ? all[i] : 0);
        }
        if (film.isColour()) {
            return new Levels(p.columns(), p.rows(), values, 1);
        }
        return new Levels(p.columns(), p.rows(), values,
                film.meaning(0).depth().isKnown() ? film.meaning(0).depth().max() : 0);
    }
}
