package radedit.imaging.codec;

import java.util.Arrays;

/**
 * A code-block: a rectangle of a sub-band whose coefficients are coded together (T.800 B.7), and its contributions in
 * the packets read so far. Its bytes are in chunks of the codestream, one per packet and codeword segment.
 */
final class J2kBlock {
    private static final int[] NONE = {};

    final J2kBand band;
    /** Position and size in the sub-band, relative to its first sample. */
    final int x;
    final int y;
    final int width;
    final int height;

    boolean included;
    /** Most significant bit planes that are zero throughout the block. */
    int zeroPlanes;
    /** Lblock (B.10.7.1). */
    int lengthBits = 3;
    int passes;

    int segments;
    int[] segmentPasses = NONE;
    int[] segmentBytes = NONE;
    int chunks;
    /** Number of chunks whose position is known; the others follow in the current packet. */
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

    /** Starts a codeword segment. */
    void addSegment() {
        if (segments == segmentPasses.length) {
            segmentPasses = Arrays.copyOf(segmentPasses, 2 * segments + 1);
            segmentBytes = Arrays.copyOf(segmentBytes, 2 * segments + 1);
        }
        segments++;
    }

    /** Adds {@code length} bytes of the last segment, whose position is not known yet. */
    void addChunk(int length) {
        if (chunks == chunkStart.length) {
            chunkStart = Arrays.copyOf(chunkStart, 2 * chunks + 1);
            chunkLength = Arrays.copyOf(chunkLength, 2 * chunks + 1);
        }
        chunkLength[chunks++] = length;
        segmentBytes[segments - 1] += length;
    }
}
