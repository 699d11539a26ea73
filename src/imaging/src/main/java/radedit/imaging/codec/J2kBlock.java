package radedit.imaging.codec;

import java.util.Arrays;

/**
 * A code-block: a rectangle of a sub-band whose coefficients are coded together (T.800 B.7), and what the packets brought
 * for it. Its bytes lie in the codestream in chunks, one a packet and codeword segment.
 */
final class J2kBlock {
    private static final int[] NONE = {};

    final J2kBand band;
    /** Place and size in the sub-band, relative to its first sample. */
    final int x;
    final int y;
    final int width;
    final int height;

    boolean included;
    /** Bit planes of the sub-band that are zero all over the block. */
    int zeroPlanes;
    /** Lblock (B.10.7.1). */
    int lengthBits = 3;
    int passes;

    int segments;
    int[] segmentPasses = NONE;
    int[] segmentBytes = NONE;
    int chunks;
    /** Chunks whose place in the codestream is known; the others are yet to come in the packet being read. */
    int placed;
    int[] chunkStart = NONE;
    int[] chunkLength = NONE;

    J2kBlock(J2kBand band, int x, int y, int width, int height) {
        this.band = band;
        this.x = x;
        this.y = y;
        this.width = width;
        this.height = height;
    }

    /** Begins a codeword segment. */
    void addSegment() {
        if (segments == segmentPasses.length) {
            segmentPasses = Arrays.copyOf(segmentPasses, 2 * segments + 1);
            segmentBytes = Arrays.copyOf(segmentBytes, 2 * segments + 1);
        }
        segments++;
    }

    /** Notes that some bytes of the last segment are to come. */
    void addChunk(int length) {
        if (chunks == chunkStart.length) {
            chunkStart = Arrays.copyOf(chunkStart, 2 * chunks + 1);
            chunkLength = Arrays.copyOf(chunkLength, 2 * chunks + 1);
        }
        chunkLength[chunks++] = length;
        segmentBytes[segments - 1] += length;
    }
}
