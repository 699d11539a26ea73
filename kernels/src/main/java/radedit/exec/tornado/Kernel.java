package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The kernels. Shapes and places reach them as parameters, so that one kernel serves every layer. Each is compiled once, a product
 * for each array of matrices and each format.
 */
enum Kernel {
    /** Products in tiles of 128 x 128. */
    GEMM_128(16, 16, GemmTile::gemm),
    /** Products in tiles of 128 rows and 64 columns. */
    GEMM_64(8, 16, GemmTile::gemm),
    WINOGRAD_IN(256, 1, WinogradKernels::in),
    WINOGRAD_OUT(256, 1, WinogradKernels::out),
    ATTENTION(AttentionKernel.ITEMS, 1, AttentionKernel::attention),
    GROUP_NORM_BLOCKS(NormKernels.ITEMS, 1, NormKernels::blocks),
    GROUP_NORM_JOIN(64, 1, NormKernels::join),
    GROUP_NORM_APPLY(256, 1, NormKernels::apply),
    ROW_NORM(NormKernels.ROW_ITEMS, 1, NormKernels::rows),
    COMBINE(256, 1, PointwiseKernels::combine),
    MOVE(256, 1, PointwiseKernels::move),
    MAX_POOL(256, 1, PointwiseKernels::maxPool),
    MEAN_POOL(64, 1, PointwiseKernels::meanPool),
    LATENTS(256, 1, LatentKernels::apply);

    /** Items of a group in each direction. */
    final int itemsX;
    final int itemsY;
    /** Takes values, tables, or latents where it is for those, and parameters; null where there is a product. */
    final Task4<KernelContext, FloatArray, FloatArray, IntArray> kernel;
    /**
     * Takes values, tables, matrices in floats, matrices in 16 bits, parameters, the columns of a tile and the
     * {@link WeightFormat#fractionBits} of the matrices; else null.
     */
    final Task8<KernelContext, FloatArray, FloatArray, FloatArray, ShortArray, IntArray, Integer, Integer> product;

    Kernel(int itemsX, int itemsY, Task4<KernelContext, FloatArray, FloatArray, IntArray> kernel) {
        this.itemsX = itemsX;
        this.itemsY = itemsY;
        this.kernel = kernel;
        this.product = null;
    }

    Kernel(int itemsX, int itemsY,
            Task8<KernelContext, FloatArray, FloatArray, FloatArray, ShortArray, IntArray, Integer, Integer> product) {
        this.itemsX = itemsX;
        this.itemsY = itemsY;
        this.kernel = null;
        this.product = product;
    }

    /** Columns of a tile, of a product. */
    int columns() {
        return 8 * itemsX;
    }
}
