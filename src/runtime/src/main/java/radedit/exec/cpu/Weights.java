package radedit.exec.cpu;

/** The weight [out][terms] of a convolution or GEMM, packed block by block for the micro-kernel. */
interface Weights {
    /** Output channels. */
    int rows();

    /** Terms of each sum: input channels times kernel positions. */
    int terms();

    /**
     * Packs a block: {@code to[at + t * width + r]} becomes element {@code (row + r, from + t)}.
     *
     * @param row
     *            the first output channel of a panel (see {@link Panels})
     * @param count
     *            output channels of the panel; the rest of its {@code width} becomes zero
     * @param stage
     *            a buffer whose first {@link MappedWeights#stageSize()} floats are overwritten
     */
    void pack(int row, int count, int width, int from, int n, float[] stage, float[] to, int at);
}
