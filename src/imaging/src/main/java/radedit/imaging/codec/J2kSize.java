package radedit.imaging.codec;

/**
 * The SIZ segment (T.800 A.5.1): position of the image on the reference grid, and its tiles.
 *
 * @param x0
 *            image offset; the image ends before {@code x1}
 * @param tileX0
 *            offset of the first tile
 */
record J2kSize(int x0, int y0, int x1, int y1, int tileX0, int tileY0, int tileWidth, int tileHeight, int components,
        int precision, boolean signed) {
    private static final int PART_2 = 0x8000;
    private static final int PART_15 = 0x4000;
    private static final int MAX_PRECISION = 26;

    static J2kSize read(ByteCursor in, FrameShape shape) throws CodecException {
        int capabilities = in.u16();
        if ((capabilities & PART_2) != 0) {
            throw new CodecException("JPEG 2000 Part 2 is not supported");
        }
        if ((capabilities & PART_15) != 0) {
            throw new CodecException("High-Throughput JPEG 2000 (Part 15) is not supported");
        }
        long[] n = new long[8];
        for (int i = 0; i < n.length; i++) {
            n[i] = in.u32();
        }
        int components = in.u16();
        boolean sane = n[0] <= Integer.MAX_VALUE && n[1] <= Integer.MAX_VALUE && n[2] < n[0] && n[3] < n[1] && n[4] > 0
                && n[5] > 0 && n[6] <= n[2] && n[7] <= n[3] && n[6] + n[4] > n[2] && n[7] + n[5] > n[3];
        if (!sane) {
            throw new CodecException("the image and its tiles are not placed on the reference grid correctly");
        }
        int depth = in.u8();
        int precision = (depth & 0x7F) + 1;
        shape.check((int) (n[0] - n[2]), (int) (n[1] - n[3]), components, precision);
        if (precision > MAX_PRECISION) {
            throw new CodecException("a precision of " + precision + " bits is not supported");
        }
        for (int c = 0; c < components; c++) {
            int own = c == 0 ? depth : in.u8();
            if (own != depth) {
                throw new CodecException("components of different precision or sign are not supported");
            }
            int across = in.u8();
            int down = in.u8();
            if (across != 1 || down != 1) {
                throw new CodecException("subsampled components are not supported in JPEG 2000");
            }
        }
        // A tile may extend beyond the image; clip it.
        int tileWidth = (int) Math.min(n[4], n[0] - n[6]);
        int tileHeight = (int) Math.min(n[5], n[1] - n[7]);
        return new J2kSize((int) n[2], (int) n[3], (int) n[0], (int) n[1], (int) n[6], (int) n[7], tileWidth,
                tileHeight,
                components, precision, depth > 0x7F);
    }

    int tilesAcross() {
        return Math.ceilDiv(x1 - tileX0, tileWidth);
    }

    int tilesDown() {
        return Math.ceilDiv(y1 - tileY0, tileHeight);
    }

    /** A tile's part of the image: x0, y0, x1, y1 on the reference grid (B-7 to B-10). */
    int[] tile(int number) {
        int p = number % tilesAcross();
        int q = number / tilesAcross();
        return new int[]{Math.max(tileX0 + p * tileWidth, x0), Math.max(tileY0 + q * tileHeight, y0),
                (int) Math.min(tileX0 + (p + 1L) * tileWidth, x1), (int) Math.min(tileY0 + (q + 1L) * tileHeight, y1)};
    }
}
