package radedit.exec.cpu;

/** The weight [out][terms] of a convolution or matrix product, handed out in the layout that the micro-kernel reads. */
interface Weights {
    /** Output channels. */
    int rows();

    /** Length of the sums. */
    int terms();

    /**
     * Brings a block over: {@code to[at + t * width + r]} becomes element {@code (row + r, from + t)}.
     *
     * @param row
     *            the first output channel of a panel (see {@link Panels})
     * @param count
     *            rows that exist; the rest of the panel becomes zero
     * @param stage
     *            room for {@link MappedWeights#stageSize()} floats at its beginning
     */
    void pack(int row, int count, int width, int from, int n, float[] stage, float[] to, int at);
}
