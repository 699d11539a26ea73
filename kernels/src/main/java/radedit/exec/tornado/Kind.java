package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The kernels. Each is compiled once: shapes and places reach it as parameters, so that one kernel serves every layer.
 */
enum Kind {
    GEMM_128(16, 16, GemmTile128::gemm128),
    GEMM_64(8, 8, GemmTile64::gemm64),
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
    MEAN_POOL(64, 1, PointwiseKernels::meanPool);

    /** Items of a group in each direction. */
    final int itemsX;
    final int itemsY;
    /** Takes values, tables and parameters; null where there is a product. */
    final Task4<KernelContext, FloatArray, FloatArray, IntArray> kernel;
    /** Takes values, tables, matrices in floats, matrices in 16 bits, and parameters; else null. */
    final Task6<KernelContext, FloatArray, FloatArray, FloatArray, ShortArray, IntArray> product;

    Kind(int itemsX, int itemsY, Task4<KernelContext, FloatArray, FloatArray, IntArray> kernel) {
        this.itemsX = itemsX;
        this.itemsY = itemsY;
        this.kernel = kernel;
        this.product = null;
    }

    Kind(int itemsX, int itemsY,
            Task6<KernelContext, FloatArray, FloatArray, FloatArray, ShortArray, IntArray> product) {
        this.itemsX = itemsX;
        this.itemsY = itemsY;
        this.kernel = null;
        this.product = product;
    }
}
