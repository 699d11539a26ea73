package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Input transform of a convolution by Winograd's F(2 x 2, 3 x 3): Y = A^T [ (G g G^T) * (B^T d B) ] A (Lavin and Gray, "Fast
 * algorithms for convolutional neural networks", arXiv:1509.09308, section 4.1). Writes B^T d B of each tile's 4 x 4 pixels d,
 * with one plane for each of the 16 points. {@link Gemm} multiplies the planes by G g G^T, and {@link WinogradOutput}
 * transforms the sums.
 *
 * <pre>
 *       1  0 -1  0
 * B^T = 0  1  1  0
 *       0 -1  1  0
 *       0  1  0 -1
 * </pre>
 *
 * <p>
 * A work-item transforms {@link #STRIP} consecutive tiles of one channel.
 */
record WinogradInput(FeatureMap input, WinogradTiles tiles) implements Launch {
    /** Tiles per work-item, which reads the columns shared by two tiles once. */
    static final int STRIP = 8;

    @Override
    public Kernel kernel() {
        return Kernel.WINOGRAD_INPUT;
    }

    @Override
    public Grid grid() {
        return Grid.over(Math.ceilDiv(tiles.count(), STRIP) * input.channels());
    }

    @Override
    public void encode(Slots to) {
        input.encode(to);
        tiles.encode(to);
    }

    /** A pixel of the feature map, which may be upsampled; 0 in the padding. */
    private static float pixel(FloatArray values, int at, int y, int x, int height, int width, int channels, int up) {
        float v = 0f;
        if (y >= 0 && x >= 0 && y < (height << up) && x < (width << up)) {
            v = values.get(at + ((y >> up) * width + (x >> up)) * channels);
        }
        return v;
    }

    /** The kernel. */
    static void in(KernelContext ctx, FloatArray values, FloatArray tables, IntArray p) {
        int i = ctx.globalIdx;
        int channels = p.get(FeatureMap.CHANNELS);
        int strip = i / channels;
        int row = strip * STRIP;
        if (row < p.get(WinogradTiles.COUNT)) {
            int height = p.get(FeatureMap.HEIGHT);
            int width = p.get(FeatureMap.WIDTH);
            int up = p.get(FeatureMap.UPSAMPLE);
            int across = ((width << up) + 1) / 2;
            int down = ((height << up) + 1) / 2;
            int line = (p.get(WinogradTiles.FIRST) + row) / across;
            int sample = line / down;
            int x = (p.get(WinogradTiles.FIRST) + row - line * across) * 2 - 1;
            int y = (line - sample * down) * 2 - 1;
            int channel = i - strip * channels;
            int at = p.get(FeatureMap.X) + sample * height * width * channels + channel;
            int step = p.get(WinogradTiles.ROWS) * channels;
            int to = p.get(WinogradTiles.PLANES) + row * channels + channel;
            int last = TornadoMath.min(row + STRIP, p.get(WinogradTiles.COUNT));
            // B^T d by columns; the two right columns are the left columns of the next tile.
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
                // Times B, by rows.
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
                    // The next row of tiles, or the first of the next sample.
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
}
