package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The kernels that compute. Shapes and offsets reach them as arguments ({@link Launch}), so one kernel serves every layer. Each
 * is compiled once; a GEMM once for each array of matrices and each format of weights.
 */
enum Kernel {
    /** GEMM in tiles of 128 x 128. */
    GEMM_128(128),
    /** GEMM in tiles of 128 rows and 64 columns. */
    GEMM_64(64),
    WINOGRAD_INPUT(WinogradInput::in),
    WINOGRAD_OUTPUT(WinogradOutput::out),
    ATTENTION(Attention::attention),
    GROUP_NORM_BLOCKS(GroupNorm::blocks),
    GROUP_NORM_JOIN(GroupNorm::join),
    GROUP_NORM_APPLY(GroupNorm::apply),
    ROW_NORM(RowNorm::rows),
    ELEMENTWISE(Elementwise::combine),
    COPY_ROWS(CopyRows::move),
    MAX_POOL(MaxPool::maxPool),
    MEAN_POOL(MeanPool::meanPool),
    LATENTS(LatentOperation::apply);

    /** Columns of a tile; 0 unless it is a GEMM. */
    final int tileColumns;
    /** Takes values, tables ({@link #LATENTS}: latents) and slots; null for a GEMM. */
    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    final Task4<KernelContext, FloatArray, FloatArray, IntArray> method;
    /**
     * Takes values, tables, 32-bit weights, 16-bit weights, slots, the columns of a tile and the
     * {@link WeightFormat#fractionBits} of the weights; null unless it is a GEMM.
     */
    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    final Task8<KernelContext, FloatArray, FloatArray, FloatArray, ShortArray, IntArray, Integer, Integer> gemm;

    Kernel(Task4<KernelContext, FloatArray, FloatArray, IntArray> method) {
        this.tileColumns = 0;
        this.method = method;
        this.gemm = null;
    }

    Kernel(int tileColumns) {
        this.tileColumns = tileColumns;
        this.method = null;
        this.gemm = GemmTile::gemm;
    }

    boolean isGemm() {
        return gemm != null;
    }
}
