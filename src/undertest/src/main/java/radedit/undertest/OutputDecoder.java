package radedit.undertest;

import java.util.ArrayList;
import java.util.List;

import radedit.imaging.Mask;
import radedit.undertest.InputSpec.Layout;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.OutputSpec.Activation;
import radedit.undertest.OutputSpec.Channel;
import radedit.undertest.OutputSpec.Values;

/** Makes outputs of the values that a model returns. */
public final class OutputDecoder {
    private final String source;
    private final OutputSpec spec;

    /**
     * Creates a decoder.
     *
     * @param source
     *            the model's name, for messages
     * @param spec
     *            what the model returns; has names
     * @throws IllegalArgumentException
     *             if it has none
     */
    public OutputDecoder(String source, OutputSpec spec) {
        if (spec.channels().isEmpty()) {
            throw new IllegalArgumentException("no names");
        }
        this.source = source;
        this.spec = spec;
    }

    /**
     * {@return the scores of a film; they may be not finite or out of range, which is for the caller to check}
     *
     * @param values
     *            what the model returned for the film, one a column
     * @throws ModelException
     *             if there are more or fewer values than the specification says
     */
    public Output.Scores scores(double[] values) throws ModelException {
        checkColumns(values.length, "values a film");
        double[] p = values.clone();
        if (spec.values() == Values.LOGITS) {
            activate(p);
        }
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        double[] raw = named(values);
        return new Output.Scores(named(p), spec.values() == Values.LOGITS ? raw : new double[0], raw, sum);
    }

    /**
     * Checks the number of channels that a model returns.
     *
     * @param columns
     *            their number
     * @param what
     *            what they are, for the message
     * @throws ModelException
     *             if there are not as many as the specification says
     */
    public void checkColumns(int columns, String what) throws ModelException {
        int highest = spec.channels().stream().mapToInt(Channel::index).max().orElse(0);
        if (spec.columns() > 0 ? columns != spec.columns() : columns <= highest) {
            throw new ModelException(Reason.REQUEST, source + ": the model returns " + columns + " " + what + ", but "
                    + (spec.columns() > 0
                            ? spec.columns() + " names are given"
                            : "number " + highest + " (from 0) is named")
                    + "; output." + (spec.kind() == ModelUnderTest.Kind.CLASSIFICATION ? "classes" : "structures")
                    + " of the preprocessing has one name a channel, \"\" for those without a meaning");
        }
    }

    private double[] named(double[] all) {
        return spec.channels().stream().mapToDouble(c -> all[c.index()]).toArray();
    }

    /** Turns logits into probabilities, in place. */
    private void activate(double[] v) {
        if (spec.activation() == Activation.SIGMOID) {
            for (int i = 0; i < v.length; i++) {
                v[i] = 1 / (1 + Math.exp(-v[i]));
            }
            return;
        }
        double max = Double.NEGATIVE_INFINITY;
        for (double x : v) {
            max = Math.max(max, x);
        }
        double sum = 0;
        for (int i = 0; i < v.length; i++) {
            v[i] = Math.exp(v[i] - max);
            sum += v[i];
        }
        for (int i = 0; i < v.length; i++) {
            v[i] /= sum;
        }
    }

    /**
     * {@return masks at the size of a film: values are interpolated linearly between the centres of the output's pixels,
     * logits before they become probabilities, and compared with the threshold (sigmoid) or each other (softmax); labels
     * are those of the nearest pixel}
     *
     * @param values
     *            what the model returned for the film: [channels, rows, columns], [rows, columns, channels] in the layout
     *            NHWC, or [rows, columns] for labels
     * @param channels
     *            number of channels; 1 for labels
     * @param rows
     *            rows of the output
     * @param columns
     *            columns of the output
     * @param input
     *            how the film was placed in the tensor; has a size
     * @param film
     *            the film
     * @throws ModelException
     *             if there are more or fewer channels than the specification says
     */
    public Output.Masks masks(float[] values, int channels, int rows, int columns, InputSpec input, GreyFilm film)
            throws ModelException {
        if (spec.values() != Values.LABELS) {
            checkColumns(channels, "channels");
        }
        Size size = input.size();
        if (size == null || values.length != (long) channels * rows * columns) {
            throw new IllegalArgumentException(values.length + " values for " + channels + " x " + rows + " x "
                    + columns);
        }
        Geometry g = Geometry.of(input, size, film.width(), film.height());
        Output.Region seen = g.seen(film.width(), film.height());
        boolean nhwc = spec.values() != Values.LABELS && spec.layout() == Layout.NHWC;
        int pixelStep = nhwc ? channels : 1;
        int channelStep = nhwc ? 1 : rows * columns;
        Output.Range range = range(values, channels, rows * columns, pixelStep, channelStep);
        List<boolean[]> sets = new ArrayList<>();
        spec.channels().forEach(c -> sets.add(new boolean[film.width() * film.height()]));
        double[] at = new double[channels];
        for (int y = seen.y(); y < seen.y() + seen.height(); y++) {
            double v = g.tensorY(y) * rows / size.height();
            for (int x = seen.x(); x < seen.x() + seen.width(); x++) {
                double u = g.tensorX(x) * columns / size.width();
                if (spec.values() == Values.LABELS) {
                    at[0] = values[Math.min((int) v, rows - 1) * columns + Math.min((int) u, columns - 1)];
                } else {
                    Grid grid = Grid.of(u - 0.5, v - 0.5, columns, rows);
                    for (int c = 0; c < channels; c++) {
                        at[c] = grid.interpolate(values, pixelStep, c * channelStep);
                    }
                }
                set(sets, y * film.width() + x, at);
            }
        }
        return new Output.Masks(sets.stream().map(s -> new Mask(film.width(), film.height(), s)).toList(), seen, range);
    }

    private void set(List<boolean[]> sets, int pixel, double[] at) {
        int best = 0;
        if (spec.values() == Values.LABELS) {
            best = (int) at[0];
        } else if (spec.activation() == Activation.SOFTMAX) {
            for (int c = 1; c < at.length; c++) {
                best = at[c] > at[best] ? c : best;
            }
        }
        for (int s = 0; s < sets.size(); s++) {
            Channel c = spec.channels().get(s);
            if (spec.values() == Values.LABELS || spec.activation() == Activation.SOFTMAX) {
                sets.get(s)[pixel] = c.index() == best;
            } else {
                double t = spec.threshold(c.name());
                sets.get(s)[pixel] = at[c.index()] >= (spec.values() == Values.LOGITS ? Math.log(t / (1 - t)) : t);
            }
        }
    }

    private Output.Range range(float[] values, int channels, int pixels, int pixelStep, int channelStep) {
        RangeMeter meter = new RangeMeter();
        double worst = 0;
        for (int i = 0; i < pixels; i++) {
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                float v = values[i * pixelStep + c * channelStep];
                meter.add(v);
                sum += v;
            }
            worst = Math.max(worst, Math.abs(sum - 1));
        }
        return meter.range(spec.sumsToOne() ? worst : 0);
    }

    /**
     * Four neighbours of a point between pixel centres, repeated at the edges.
     *
     * @param a
     *            index of the pixel above to the left
     * @param right
     *            from there to the one to the right
     * @param down
     *            from there to the one below
     */
    private record Grid(int a, int right, int down, double tx, double ty) {
        static Grid of(double u, double v, int columns, int rows) {
            double x = Math.clamp(u, 0, columns - 1);
            double y = Math.clamp(v, 0, rows - 1);
            int x0 = (int) x;
            int y0 = (int) y;
            return new Grid(y0 * columns + x0, x0 + 1 < columns ? 1 : 0, y0 + 1 < rows ? columns : 0, x - x0, y - y0);
        }

        double interpolate(float[] values, int step, int from) {
            double above = (1 - tx) * values[from + a * step] + tx * values[from + (a + right) * step];
            double below = (1 - tx) * values[from + (a + down) * step] + tx * values[from + (a + down + right) * step];
            return (1 - ty) * above + ty * below;
        }
    }
}
