package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task4;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task8;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The compute kernels. Shapes and offsets are arguments ({@link Launch}), so one kernel serves every layer. Each is compiled
 * once; a GEMM once for each weight array and weight format.
 */
enum Kernel {
    /** GEMM with a tile size of 128 x 128. */
    GEMM_128(128),
    /** GEMM with a tile size of 64 x 64. */
    GEMM_64(64),
    WINOGRAD_INPUT(WinogradInput::in),
    WINOGRAD_OUTPUT(WinogradOutput::out),
    ATTENTION(Attention::attention),
    /** Attention whose softmax weights are rounded. */
    ROUNDED_ATTENTION(RoundedAttention::attend),
    GROUP_NORM_BLOCKS(GroupNorm::blocks),
    GROUP_NORM_JOIN(GroupNorm::join),
    GROUP_NORM_APPLY(GroupNorm::apply),
    ROW_NORM(RowNorm::rows),
    ELEMENTWISE(Elementwise::combine),
    COPY_ROWS(CopyRows::move),
    ROUND(RoundValues::roundValues),
    MAX_POOL(MaxPool::maxPool),
    MEAN_POOL(MeanPool::meanPool),
    LATENTS(LatentOperation::apply);

    /** Tile size of a GEMM; 0 for other kernels. */
    final int tile;
    /** Method that takes values, tables ({@link #LATENTS}: latents) and slots; null for a GEMM. */
    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    final Task4<KernelContext, FloatArray, FloatArray, IntArray> method;
    /**
     * Method that takes values, tables, 32-bit weights, 16-bit weights, slots, the tile size and the {@link
     * WeightFormat#fractionBits} of the weights; null unless this is a GEMM.
     */
    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    final Task8<KernelContext, FloatArray, FloatArray, FloatArray, ShortArray, IntArray, Integer, Integer> gemm;

    Kernel(Task4<KernelContext, FloatArray, FloatArray, IntArray> method) {
        this.tile = 0;
        this.method = method;
        this.gemm = null;
    }

    Kernel(int tile) {
        this.tile = tile;
        this.method = null;
        this.gemm = GemmTile::gemm;
    }

    boolean isGemm() {
        return gemm != null;
    }

    /** Name of the source of a GEMM for a weight format. */
    String source(WeightFormat format) {
        return name() + "_" + format.name();
    }

    /** Whether it rounds operands of GEMMs, and thus only networks with rounded operands need it. */
    boolean rounds() {
        return this == ROUND || this == ROUNDED_ATTENTION;
    }

    /** Work-items per work-group of a GEMM. */
    int items() {
        return tile == GemmTile.WIDE ? 256 : 128;
    }
}
