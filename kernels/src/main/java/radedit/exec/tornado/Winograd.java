package radedit.exec.tornado;

import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Padding;

/**
 * Selects the convolutions that use Winograd's F(2 x 2, 3 x 3), with 16 instead of 36 multiplications for four results.
 *
 * <p>
 * The choice depends on the network's shape and the weights' type alone, not on the batch, so results are the same for any
 * batch size. 16-bit weights are excluded: transformed, they would be 32-bit and 3.6 times as large.
 */
enum Winograd {
    /** No convolution. */
    OFF,
    /** Every convolution that can use it. */
    ON,
    /** Convolutions where it saves time on a GPU, by the estimate in bench/gpu-static.md. */
    AUTO;

    /** Points of a tile. */
    static final int POINTS = 16;
    /** With fewer channels, transforming the planes takes more time than the GEMM saves. */
    private static final int LEAST_CHANNELS = 32;
    /** With fewer tiles per sample, most rows of the GEMM's tiles are padding. */
    private static final int LEAST_TILES = 16;

    /** Whether a convolution uses it. */
    boolean takes(Node n, Op.Conv2d c, WeightFormat format) {
        if (this == OFF || format != WeightFormat.FLOAT32 || n.inputs().getFirst().channels() % Gemm.SLICE != 0
                || c.kernel() != 3 || c.stride() != 1 || c.norm() != null
                || c.epilogue().geglu() || !c.padding().equals(Padding.all(1))) {
            return false;
        }
        int tiles = Math.ceilDiv(n.shape().dim(1), 2) * Math.ceilDiv(n.shape().dim(2), 2);
        return this == ON || tiles >= LEAST_TILES && n.inputs().getFirst().channels() >= LEAST_CHANNELS
                && n.output().channels() >= LEAST_CHANNELS;
    }

    /**
     * G g G^T, computed in double precision and rounded once.
     *
     * @param g
     *            [n, 3, 3]
     * @return [n, 4, 4]
     */
    static float[] transform(float[] g) {
        int n = g.length / 9;
        float[] u = new float[POINTS * n];
        double[] rows = new double[12];
        for (int i = 0; i < n; i++) {
            for (int x = 0; x < 3; x++) {
                double a = g[9 * i + x];
                double b = g[9 * i + 3 + x];
                double c = g[9 * i + 6 + x];
                rows[x] = a;
                rows[3 + x] = (a + b + c) / 2;
                rows[6 + x] = (a - b + c) / 2;
                rows[9 + x] = c;
            }
            for (int y = 0; y < 4; y++) {
                double a = rows[3 * y];
                double b = rows[3 * y + 1];
                double c = rows[3 * y + 2];
                int to = POINTS * i + 4 * y;
                u[to] = (float) a;
                u[to + 1] = (float) ((a + b + c) / 2);
                u[to + 2] = (float) ((a - b + c) / 2);
                u[to + 3] = (float) c;
            }
        }
        return u;
    }
}
