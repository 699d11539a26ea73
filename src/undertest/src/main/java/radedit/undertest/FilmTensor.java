package radedit.undertest;

import java.util.Arrays;

import radedit.imaging.Picture;
import radedit.imaging.Resample;
import radedit.undertest.InputSpec.Filter;
import radedit.undertest.InputSpec.Layout;

/** Turns films into the values of a model's input tensor. Arithmetic is in float32, as in NumPy and PyTorch. */
public final class FilmTensor {
    private final InputSpec spec;
    private final Size size;

    /**
     * Creates a conversion.
     *
     * @param spec
     *            what the model takes; has a size
     * @throws IllegalArgumentException
     *             if it has none
     */
    public FilmTensor(InputSpec spec) {
        if (spec.size() == null) {
            throw new IllegalArgumentException("no size");
        }
        this.spec = spec;
        this.size = spec.size();
    }

    /** {@return the number of values of a film} */
    public int length() {
        return size.width() * size.height() * spec.channels();
    }

    /**
     * Writes a film's values in the layout of the tensor. Values of uint8 tensors are whole.
     *
     * @param film
     *            of any size
     * @param out
     *            receives {@link #length} values
     * @param at
     *            index of the first
     * @throws ModelException
     *             if the film is too long and narrow
     */
    public void put(GreyFilm film, float[] out, int at) throws ModelException {
        Geometry g = Geometry.of(spec, size, film.width(), film.height());
        float[] grey = placed(g, resized(g, spec.invert() ? film.inverse() : film));
        int plane = grey.length;
        for (int c = 0; c < spec.channels(); c++) {
            float mean = spec.mean().isEmpty() ? 0 : spec.mean().get(c).floatValue();
            float std = spec.std().isEmpty() ? 1 : spec.std().get(c).floatValue();
            for (int i = 0; i < plane; i++) {
                float v = spec.type() == InputSpec.ElementType.UINT8
                        ? (float) Math.rint(grey[i])
                        : (grey[i] - mean) / std;
                out[at + (spec.layout() == Layout.NCHW ? c * plane + i : i * spec.channels() + c)] = v;
            }
        }
    }

    /** Maps 0 to 1 to the value range. */
    private float value(float share) {
        return share * (float) (spec.high() - spec.low()) + (float) spec.low();
    }

    /** The part of the film that {@code g} takes, resized, in the value range. */
    private float[] resized(Geometry g, GreyFilm film) {
        int w = g.resized().width();
        int h = g.resized().height();
        if (spec.filter() == Filter.SKIMAGE) {
            float[] part = new float[g.cropWidth() * g.cropHeight()];
            for (int y = 0; y < g.cropHeight(); y++) {
                for (int x = 0; x < g.cropWidth(); x++) {
                    part[y * g.cropWidth() + x] = value(
                            (float) film.levels()[(g.cropY() + y) * film.width() + g.cropX() + x] / film.highest());
                }
            }
            return w == g.cropWidth() && h == g.cropHeight()
                    ? part
                    : SkimageResize.resize(part, g.cropWidth(), g.cropHeight(), w, h);
        }
        float[] out = new float[w * h];
        if (film.bits() == 8) {
            Picture part = film.toPicture().crop(g.cropX(), g.cropY(), g.cropWidth(), g.cropHeight());
            byte[] levels = picture(part, w, h).samples();
            for (int i = 0; i < out.length; i++) {
                out[i] = value((levels[i] & 0xFF) / 255f);
            }
        } else {
            double[] levels = new double[g.cropWidth() * g.cropHeight()];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (double) film.levels()[(g.cropY() + i / g.cropWidth()) * film.width() + g.cropX()
                        + i % g.cropWidth()] / film.highest();
            }
            double[] all = doubles(levels, g.cropWidth(), g.cropHeight(), w, h);
            for (int i = 0; i < out.length; i++) {
                out[i] = value((float) Math.clamp(all[i], 0, 1));
            }
        }
        return out;
    }

    private Resample.Filter filter() {
        return switch (spec.filter()) {
            case BICUBIC -> Resample.Filter.BICUBIC;
            case LANCZOS -> Resample.Filter.LANCZOS;
            default -> Resample.Filter.BILINEAR;
        };
    }

    private Picture picture(Picture p, int w, int h) {
        return spec.filter() == Filter.AREA ? Resample.area(p, w, h) : Resample.resize(p, w, h, filter());
    }

    private double[] doubles(double[] levels, int width, int height, int w, int h) {
        return spec.filter() == Filter.AREA
                ? Resample.area(levels, width, height, w, h)
                : Resample.resize(levels, width, height, w, h, filter());
    }

    /** Crops, or adds margins. */
    private float[] placed(Geometry g, float[] values) {
        if (g.resized().equals(size)) {
            return values;
        }
        float[] out = new float[size.width() * size.height()];
        Arrays.fill(out, value((float) (spec.margin() / 255)));
        int from = Math.max(0, -g.left());
        int to = Math.min(size.width(), g.resized().width() - g.left());
        for (int y = Math.max(0, -g.top()); y < Math.min(size.height(), g.resized().height() - g.top()); y++) {
            System.arraycopy(values, (y + g.top()) * g.resized().width() + from + g.left(), out,
                    y * size.width() + from, to - from);
        }
        return out;
    }
}
