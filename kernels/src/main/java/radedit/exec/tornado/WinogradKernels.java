package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Before and after the product of a convolution by Winograd's F(2 x 2, 3 x 3): Y = A^T [ (G g G^T) * (B^T d B) ] A (Lavin
 * and Gray, "Fast algorithms for convolutional neural networks", arXiv:1509.09308, section 4.1). A tile is 2 x 2 results;
 * each of its 16 points is a plane [tiles, channels]. Parameters are those of {@link Gemm} for the convolution, and these.
 *
 * <pre>
 *       1  0 -1  0          1  0
 * B^T = 0  1  1  0      A = 1  1
 *       0 -1  1  0          1 -1
 *       0  1  0 -1          0 -1
 * </pre>
 */
final class WinogradKernels {
    /** The first tile of the run. */
    static final int FIRST = 27;
    /** Tiles of the run; planes have {@link Gemm#PLANE_ROWS}. */
    static final int TILES = 28;
    /** Place of the planes. */
    static final int PLANES = 29;

    /** Tiles one after the other that an item of {@link #in} goes along, so as to read what they share once. */
    static final int STRIP = 8;

    private WinogradKernels() {
    }

    /** A pixel of the picture, which may be doubled; 0 outside. */
    private static float pixel(FloatArray values, int at, int y, int x, int height, int width, int channels, int up) {
        float v = 0f;
        if (y >= 0 && x >= 0 && y < (height << up) && x < (width << up)) {
            v = values.get(at + ((y >> up) * width + (x >> up)) * channels);
        }
        return v;
    }

    /** B^T d B of the pixels around a tile; an item for each {@link #STRIP} tiles and channel. */
    static void in(KernelContext ctx, FloatArray values, FloatArray tables, IntArray p) {
        int i = ctx.globalIdx;
        int channels = p.get(Gemm.CHANNELS);
        int strip = i / channels;
        int row = strip * STRIP;
        if (row < p.get(TILES)) {
            int height = p.get(Gemm.HEIGHT);
            int width = p.get(Gemm.WIDTH);
            int up = p.get(Gemm.UPSAMPLE);
            int across = ((width << up) + 1) / 2;
            int down = ((height << up) + 1) / 2;
            int line = (p.get(FIRST) + row) / across;
            int sample = line / down;
            int x = (p.get(FIRST) + row - line * across) * 2 - 1;
            int y = (line - sample * down) * 2 - 1;
            int channel = i - strip * channels;
            int at = p.get(Gemm.X) + sample * height * width * channels + channel;
            int step = p.get(Gemm.PLANE_ROWS) * channels;
            int to = p.get(PLANES) + row * channels + channel;
            int last = TornadoMath.min(row + STRIP, p.get(TILES));
            // B^T d, column by column; those on the right are the next tile's on the left
            float a0 = 0f, a1 = 0f, a2 = 0f, a3 = 0f;
            float b0 = 0f, b1 = 0f, b2 = 0f, b3 = 0f;
            boolean left = true;
            for (int tile = row; tile < last; tile++) {
                float d0 = 0f, d1 = 0f, d2 = 0f, d3 = 0f;
                if (left) {
                    d0 = pixel(values, at, y, x, height, width, channels, up);
                    d1 = pixel(values, at, y + 1, x, height, width, channels, up);
                    d2 = pixel(values, at, y + 2, x, height, width, channels, up);
                    d3 = pixel(values, at, y + 3, x, height, width, channels, up);
                    a0 = d0 - d2;
                    a1 = d1 + d2;
                    a2 = d2 - d1;
                    a3 = d1 - d3;
                    d0 = pixel(values, at, y, x + 1, height, width, channels, up);
                    d1 = pixel(values, at, y + 1, x + 1, height, width, channels, up);
                    d2 = pixel(values, at, y + 2, x + 1, height, width, channels, up);
                    d3 = pixel(values, at, y + 3, x + 1, height, width, channels, up);
                    b0 = d0 - d2;
                    b1 = d1 + d2;
                    b2 = d2 - d1;
                    b3 = d1 - d3;
                }
                d0 = pixel(values, at, y, x + 2, height, width, channels, up);
                d1 = pixel(values, at, y + 1, x + 2, height, width, channels, up);
                d2 = pixel(values, at, y + 2, x + 2, height, width, channels, up);
                d3 = pixel(values, at, y + 3, x + 2, height, width, channels, up);
                float c0 = d0 - d2;
                float c1 = d1 + d2;
                float c2 = d2 - d1;
                float c3 = d1 - d3;
                d0 = pixel(values, at, y, x + 3, height, width, channels, up);
                d1 = pixel(values, at, y + 1, x + 3, height, width, channels, up);
                d2 = pixel(values, at, y + 2, x + 3, height, width, channels, up);
                d3 = pixel(values, at, y + 3, x + 3, height, width, channels, up);
                float e0 = d0 - d2;
                float e1 = d1 + d2;
                float e2 = d2 - d1;
                float e3 = d1 - d3;
                // times B, row by row
                values.set(to, a0 - c0);
                values.set(to + step, b0 + c0);
                values.set(to + 2 * step, c0 - b0);
                values.set(to + 3 * step, b0 - e0);
                values.set(to + 4 * step, a1 - c1);
                values.set(to + 5 * step, b1 + c1);
                values.set(to + 6 * step, c1 - b1);
                values.set(to + 7 * step, b1 - e1);
                values.set(to + 8 * step, a2 - c2);
                values.set(to + 9 * step, b2 + c2);
                values.set(to + 10 * step, c2 - b2);
                values.set(to + 11 * step, b2 - e2);
                values.set(to + 12 * step, a3 - c3);
                values.set(to + 13 * step, b3 + c3);
                values.set(to + 14 * step, c3 - b3);
                values.set(to + 15 * step, b3 - e3);
                a0 = c0;
                a1 = c1;
                a2 = c2;
                a3 = c3;
                b0 = e0;
                b1 = e1;
                b2 = e2;
                b3 = e3;
                to += channels;
                x += 2;
                left = x == 2 * across - 1;
                if (left) {
                    // the next line, or the next sample's first
                    x = -1;
                    y += 2;
                    if (y == 2 * down - 1) {
                        y = -1;
                        at += height * width * channels;
                    }
                }
            }
        }
    }

    /** A^T M A and the epilogue; an item for each tile and column. */
    static void out(KernelContext ctx, FloatArray values, FloatArray tables, IntArray p) {
        int i = ctx.globalIdx;
        int columns = p.get(Gemm.COLUMNS);
        if (i < p.get(TILES) * columns) {
            int row = i / columns;
            int height = p.get(Gemm.HEIGHT) << p.get(Gemm.UPSAMPLE);
            int width = p.get(Gemm.WIDTH) << p.get(Gemm.UPSAMPLE);
            int across = (width + 1) / 2;
            int down = (height + 1) / 2;
            int tile = p.get(FIRST) + row;
            int line = tile / across;
            int sample = line / down;
            int x = (tile - line * across) * 2;
            int y = (line - sample * down) * 2;
            int step = p.get(Gemm.PLANE_ROWS) * columns;
            int at = p.get(PLANES) + i;
            // A^T M, column by column
            float m0 = values.get(at);
            float m1 = values.get(at + 4 * step);
            float m2 = values.get(at + 8 * step);
            float m3 = values.get(at + 12 * step);
            float a0 = m0 + m1 + m2;
            float a1 = m1 - m2 - m3;
            m0 = values.get(at + step);
            m1 = values.get(at + 5 * step);
            m2 = values.get(at + 9 * step);
            m3 = values.get(at + 13 * step);
            float b0 = m0 + m1 + m2;
            float b1 = m1 - m2 - m3;
            m0 = values.get(at + 2 * step);
            m1 = values.get(at + 6 * step);
            m2 = values.get(at + 10 * step);
            m3 = values.get(at + 14 * step);
            float c0 = m0 + m1 + m2;
            float c1 = m1 - m2 - m3;
            m0 = values.get(at + 3 * step);
            m1 = values.get(at + 7 * step);
            m2 = values.get(at + 11 * step);
            m3 = values.get(at + 15 * step);
            float e0 = m0 + m1 + m2;
            float e1 = m1 - m2 - m3;
            // A loop, so that the epilogue is there once.
            for (int j = 0; j < 4; j++) {
                int oy = y + j / 2;
                int ox = x + j % 2;
                float v = a0 + b0 + c0;
                if (j == 1) {
                    v = b0 - c0 - e0;
                } else if (j == 2) {
                    v = a1 + b1 + c1;
                } else if (j == 3) {
                    v = b1 - c1 - e1;
                }
                if (oy < height && ox < width) {
                    Gemm.finish(values, tables, p, (sample * height + oy) * width + ox, i - row * columns, v, 0f);
                }
            }
        }
    }
}
