package radedit.imaging.codec;

/** Reads packets: the number of coding passes of each code-block, and the position of their bytes (T.800 B.9, B.10). */
final class J2kPackets {
    private static final int SOP = 0x91;
    private static final int EPH = 0x92;
    private static final int MAX_LENGTH_BITS = 31;

    private final ByteCursor in;
    private final int layers;
    /**
     * Remaining budget of code-blocks to look at. A packet can skip many of them with a single bit; real codestreams
     * rarely do.
     */
    private long visits;

    /** Reads consecutive packets of a tile. */
    J2kPackets(ByteCursor in, int layers) {
        this.in = in;
        this.layers = layers;
        this.visits = (1L << 21) + 256L * in.remaining();
    }

    /** Reads the packet of a precinct's next layer. */
    void read(J2kPrecinct precinct) throws CodecException {
        if (precinct.layers >= layers) {
            throw new CodecException("there are packets of more than " + layers + " layers");
        }
        // Unambiguous: in packets no byte above 0x8F follows 0xFF.
        if (in.peek(0) == 0xFF && in.peek(1) == SOP) {
            in.part(6);
        }
        J2kHeaderBits bits = new J2kHeaderBits(in);
        boolean empty = bits.bit() == 0;
        if (!empty) {
            for (J2kPrecinct.Part part : precinct.parts) {
                readPart(precinct, part, bits);
            }
        }
        bits.align();
        if (in.peek(0) == 0xFF && in.peek(1) == EPH) {
            in.part(2);
        }
        if (!empty) {
            placeChunks(precinct);
        }
        precinct.layers++;
    }

    private void readPart(J2kPrecinct precinct, J2kPrecinct.Part part, J2kHeaderBits bits) throws CodecException {
        visits -= part.blocks().length;
        if (visits < 0) {
            throw new CodecException("the packets skip code-blocks without end");
        }
        for (int i = 0; i < part.blocks().length; i++) {
            J2kBlock block = part.blocks()[i];
            int x = i % part.across();
            int y = i / part.across();
            if (block.included) {
                if (bits.bit() == 1) {
                    readContribution(precinct.coding, block, bits);
                }
            } else if (part.inclusion().below(x, y, precinct.layers + 1, bits)) {
                block.included = true;
                block.zeroPlanes = 0;
                while (!part.zeroPlanes().below(x, y, block.zeroPlanes + 1, bits)) {
                    if (++block.zeroPlanes > J2kBlockDecoder.MAX_PLANES) {
                        throw new CodecException("a code-block has too many zero bit planes");
                    }
                }
                readContribution(precinct.coding, block, bits);
            }
        }
    }

    private static void readContribution(J2kCoding coding, J2kBlock block, J2kHeaderBits bits) throws CodecException {
        int passes = readPasses(bits);
        while (bits.bit() == 1) {
            block.lengthBits++;
        }
        block.passes += passes;
        while (passes > 0) {
            if (block.segments == 0 || block.segmentPasses[block.segments - 1] == coding
                    .segmentCapacity(block.segments - 1)) {
                block.addSegment();
            }
            int segment = block.segments - 1;
            int taken = Math.min(passes, coding.segmentCapacity(segment) - block.segmentPasses[segment]);
            int width = block.lengthBits + 31 - Integer.numberOfLeadingZeros(taken);
            if (width > MAX_LENGTH_BITS) {
                throw new CodecException("a code-block's length has " + width + " bits");
            }
            int length = bits.bits(width);
            block.segmentPasses[segment] += taken;
            block.addChunk(length);
            passes -= taken;
        }
    }

    /** Number of coding passes (table B.4). */
    private static int readPasses(J2kHeaderBits bits) throws CodecException {
        if (bits.bit() == 0) {
            return 1;
        }
        if (bits.bit() == 0) {
            return 2;
        }
        int n = bits.bits(2);
        if (n < 3) {
            return 3 + n;
        }
        n = bits.bits(5);
        if (n < 31) {
            return 6 + n;
        }
        return 37 + bits.bits(7);
    }

    private void placeChunks(J2kPrecinct precinct) throws CodecException {
        for (J2kPrecinct.Part part : precinct.parts) {
            for (J2kBlock block : part.blocks()) {
                for (; block.placed < block.chunks; block.placed++) {
                    block.chunkStart[block.placed] = in.position();
                    in.part(block.chunkLength[block.placed]);
                }
            }
        }
    }
}
