package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Output transform of a convolution by Winograd's F(2 x 2, 3 x 3), and its epilogue: A^T M A of the 16 sums M of each tile (see
 * {@link WinogradInput}). One work-item per tile and column.
 *
 * <pre>
 *     1  0
 * A = 1  1
 *     1 -1
 *     0 -1
 * </pre>
 *
 * @param input
 *            input of the convolution, which determines the size of the result
 * @param tiles
 *            the run, with the sums as its planes
 */
record WinogradOutput(FeatureMap input, WinogradTiles tiles, GemmEpilogue epilogue) implements Launch {
    @Override
    public Kernel kernel() {
        return Kernel.WINOGRAD_OUTPUT;
    }

    @Override
    public Grid grid() {
        return Grid.over(tiles.count() * epilogue.columns());
    }

    @Override
    public void encode(Slots to) {
        input.encode(to);
        tiles.encode(to);
        epilogue.encode(to);
    }

    /** The kernel. */
    static void out(KernelContext ctx, FloatArray values, FloatArray tables, IntArray p) {
        int i = ctx.globalIdx;
        int columns = p.get(GemmEpilogue.COLUMNS);
        if (i < p.get(WinogradTiles.COUNT) * columns) {
            int row = i / columns;
            int height = p.get(FeatureMap.HEIGHT) << p.get(FeatureMap.UPSAMPLE);
            int width = p.get(FeatureMap.WIDTH) << p.get(FeatureMap.UPSAMPLE);
            int across = (width + 1) / 2;
            int down = (height + 1) / 2;
            int tile = p.get(WinogradTiles.FIRST) + row;
            int line = tile / across;
            int sample = line / down;
            int x = (tile - line * across) * 2;
            int y = (line - sample * down) * 2;
            int step = p.get(WinogradTiles.ROWS) * columns;
            int at = p.get(WinogradTiles.PLANES) + i;
            // A^T M by columns.
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
            // A loop, so that the code of the epilogue is generated once.
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
                    GemmEpilogue.finish(values, tables, p, (sample * height + oy) * width + ox, i - row * columns, v,
                            0f);
                }
            }
        }
    }
}
