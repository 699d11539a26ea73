package radedit.graph;

import radedit.tensor.Tensor;

/**
 * A node's result where the backend has it, channels last, for {@link Probe#observe}; valid until that returns. It is
 * in float32, or in double precision from a backend that computes in it.
 */
public interface NodeValue {
    /** Elements of a block, except the last one. */
    int BLOCK = 1 << 14;

    /** Receives a value block by block. */
    interface Blocks {
        /**
         * Receives a block in float32. Called from several threads; each block is passed once.
         *
         * @param block
         *            number of the block, from 0
         * @param data
         *            holds the block; must not be changed
         * @param from
         *            index of its first element
         * @param to
         *            index after its last element
         */
        void floats(int block, float[] data, int from, int to);

        /**
         * Receives a block in double precision. Called from several threads; each block is passed once.
         *
         * @param block
         *            number of the block, from 0
         * @param data
         *            holds the block; must not be changed
         * @param from
         *            index of its first element
         * @param to
         *            index after its last element
         */
        void doubles(int block, double[] data, int from, int to);
    }

    /** {@return the number of elements} */
    int length();

    /** {@return whether it is in double precision} */
    boolean isDouble();

    /**
     * Passes all blocks on and returns when all are received.
     *
     * @param to
     *            receives them
     */
    void read(Blocks to);

    /** {@return a copy in PyTorch's layout} */
    Tensor toTensor();

    /** {@return the number of blocks} */
    default int blocks() {
        return Math.ceilDiv(length(), BLOCK);
    }
}
