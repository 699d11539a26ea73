package radedit.imaging.codec;

/**
 * A precinct: code-blocks of one resolution, in up to three sub-bands, that contribute to one packet per layer (T.800
 * B.6).
 */
final class J2kPrecinct {
    /** The code-blocks of one sub-band, row by row. */
    record Part(int across, J2kBlock[] blocks, J2kTagTree inclusion, J2kTagTree zeroPlanes) {
        static final Part EMPTY = new Part(0, new J2kBlock[0], new J2kTagTree(0, 0), new J2kTagTree(0, 0));
    }

    final J2kCoding coding;
    final int component;
    final int resolution;
    /** Position at which a positional progression reaches the precinct, in image coordinates. */
    final long x;
    final long y;
    final Part[] parts;
    /** Layers read so far. */
    int layers;

    J2kPrecinct(J2kCoding coding, int component, int resolution, long x, long y, Part[] parts) {
        this.coding = coding;
        this.component = component;
        this.resolution = resolution;
        this.x = x;
        this.y = y;
        this.parts = parts;
    }
}
