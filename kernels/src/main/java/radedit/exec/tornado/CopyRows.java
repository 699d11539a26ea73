package radedit.exec.tornado;

import radedit.tensor.Shape;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Copies rows of channels: slices, concatenations, tokens, table lookups, nearest-neighbour upsampling, padding of channels.
 * One work-item per element.
 *
 * @param source
 *            [any, sourceChannels]
 * @param rows
 *            selects the row of the source that becomes row r of the result
 * @param length
 *            number of elements to copy: rows times {@code channels}
 * @param channels
 *            channels per row; zeros beyond {@code sourceChannels} if the source is among the values
 * @param outChannels
 *            row stride of the result, at least {@code channels}
 */
record CopyRows(Offset.Source source, int sourceChannels, Rows rows, Offset.Values out, int length, int channels,
        int outChannels)
        implements
            Launch {
    // Slots.
    private static final int LENGTH = 0;
    private static final int OUT = 1;
    private static final int X = 2;
    private static final int Y = 3;
    private static final int Z = 4;
    private static final int CHANNELS = 5;
    private static final int MODE = 7;
    private static final int FROM_TABLES = 8;
    private static final int X_CHANNELS = 9;
    private static final int OUT_CHANNELS = 10;
    private static final int FIRST = 11;
    private static final int STEP = 12;
    private static final int HEIGHT = 13;
    private static final int WIDTH = 14;
    private static final int OUT_HEIGHT = 15;
    private static final int OUT_WIDTH = 16;

    // Modes.
    private static final int STRIDED = 0;
    private static final int GATHER = 1;
    private static final int NEAREST = 2;

    /** The row of the source that becomes row r. */
    sealed interface Rows {
        /** Row r. */
        Rows ALL = new Strided(0, 1);

        /** Row first + r step. */
        record Strided(int first, int step) implements Rows {}

        /** The row whose number is element r of {@code ids}. */
        record Gather(Offset.Values ids) implements Rows {}

        /**
         * The nearest pixel of a feature map.
         *
         * @param yScale
         *            height of the source over that of the result
         * @param xScale
         *            likewise for widths
         * @param from
         *            shape of the source, NHWC
         * @param to
         *            shape of the result, NHWC
         */
        record Nearest(Offset.Tables yScale, Offset.Tables xScale, Shape from, Shape to) implements Rows {}
    }

    @Override
    public Kernel kernel() {
        return Kernel.COPY_ROWS;
    }

    @Override
    public Grid grid() {
        return Grid.over(length);
    }

    @Override
    public void encode(Slots to) {
        to.set(LENGTH, length).set(OUT, out).set(X, source).set(CHANNELS, channels)
                .set(FROM_TABLES, source instanceof Offset.Tables).set(X_CHANNELS, sourceChannels)
                .set(OUT_CHANNELS, outChannels);
        switch (rows) {
            case Rows.Strided r -> to.set(MODE, STRIDED).set(FIRST, r.first).set(STEP, r.step);
            case Rows.Gather r -> to.set(MODE, GATHER).set(Y, r.ids);
            case Rows.Nearest r -> to.set(MODE, NEAREST).set(Y, r.yScale).set(Z, r.xScale).set(HEIGHT, r.from.dim(1))
                    .set(WIDTH, r.from.dim(2)).set(OUT_HEIGHT, r.to.dim(1)).set(OUT_WIDTH, r.to.dim(2));
        }
    }

    /** The kernel. */
    static void move(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            int channels = p.get(CHANNELS);
            int mode = p.get(MODE);
            int row = i / channels;
            int channel = i - row * channels;
            int from = p.get(FIRST) + row * p.get(STEP);
            if (mode == GATHER) {
                from = (int) values.get(p.get(Y) + row);
            } else if (mode == NEAREST) {
                int line = row / p.get(OUT_WIDTH);
                int sample = line / p.get(OUT_HEIGHT);
                int y = (int) ((line - sample * p.get(OUT_HEIGHT)) * weights.get(p.get(Y)));
                int x = (int) ((row - line * p.get(OUT_WIDTH)) * weights.get(p.get(Z)));
                y = TornadoMath.min(y, p.get(HEIGHT) - 1);
                x = TornadoMath.min(x, p.get(WIDTH) - 1);
                from = (sample * p.get(HEIGHT) + y) * p.get(WIDTH) + x;
            }
            int at = p.get(X) + from * p.get(X_CHANNELS) + channel;
            float v = 0f;
            if (p.get(FROM_TABLES) == 1) {
                v = weights.get(at);
            } else if (channel < p.get(X_CHANNELS)) {
                v = values.get(at);
            }
            values.set(p.get(OUT) + row * p.get(OUT_CHANNELS) + channel, v);
        }
    }
}
