package radedit.imaging.codec;

import java.util.Arrays;

/**
 * Decodes the coefficients of code-blocks, bit plane by bit plane in three passes each (EBCOT; T.800 annex D). Not
 * thread-safe; reusable.
 *
 * <p>
 * The state of a column of a stripe, four coefficients, is one integer:
 *
 * <pre>
 *     bits  0..17  significance of the 3 x 6 coefficients in and around the column, row by row
 *     bits 18..23  signs of the 6 coefficients of the column and of its neighbours above and below
 *     bits 24..27  coded in the significance pass of this bit plane
 *     bits 28..31  refined in an earlier bit plane
 * </pre>
 */
final class J2kBlockDecoder {
    /** Most magnitude bits of a coefficient, besides sign and half-step bit. */
    static final int MAX_PLANES = 29;

    private static final int SIGNIFICANCE = 0x3FFFF;
    /** The coefficient itself, and its neighbours, in the lowest 9 bits. */
    private static final int SELF = 1 << 4;
    private static final int AROUND = 0x1EF;
    private static final int COLUMN = SELF | SELF << 3 | SELF << 6 | SELF << 9;
    private static final int SIGN_ABOVE = 18;
    private static final int SIGN_SELF = 19;
    private static final int SIGN_BELOW = 20;
    private static final int CODED = 24;
    private static final int ALL_CODED = 0xF << CODED;
    private static final int REFINED = 28;

    private static final int SIGN_CONTEXT = 9;
    private static final int REFINE_CONTEXT = 14;
    private static final int SEGMENT_SYMBOL = 0b1010;

    /** Context of zero coding for each orientation and neighbour pattern (table D.1). */
    private static final byte[][] ZERO_CONTEXTS = zeroContexts();
    /** context * 2 + flip for each pattern of significant neighbours and their signs (tables D.2 and D.3). */
    private static final byte[] SIGN_CONTEXTS = signContexts();

    private final J2kMqDecoder mq = new J2kMqDecoder();
    /** Doubled magnitudes with their signs, row by row; the lowest bit is half a step. */
    private int[] values = new int[0];
    private int[] states = new int[0];
    private byte[] segment = new byte[0];
    private int width;
    private int height;
    private int pitch;
    private boolean causal;
    private byte[] zeroContexts = ZERO_CONTEXTS[0];

    /**
     * Decodes a block.
     *
     * @param regionShift
     *            number of planes by which a region of interest is shifted up
     * @param data
     *            the codestream
     * @return its coefficients times 2, row by row, plus half a step where bits are missing
     * @throws CodecException
     *            if it has more passes than bit planes, or a wrong segmentation symbol
     */
    int[] decode(J2kBlock block, J2kCoding coding, int regionShift, byte[] data) throws CodecException {
        width = block.width;
        height = block.height;
        pitch = width + 2;
        int stateCount = pitch * ((height + 3) / 4 + 2);
        if (values.length < width * height) {
            values = new int[width * height];
        }
        if (states.length < stateCount) {
            states = new int[stateCount];
        }
        Arrays.fill(values, 0, width * height, 0);
        Arrays.fill(states, 0, stateCount, 0);
        causal = coding.has(J2kCoding.CAUSAL);
        zeroContexts = ZERO_CONTEXTS[block.band.orientation()];
        int plane = block.band.planes() + regionShift - block.zeroPlanes - 1;
        if (block.passes > 3 * plane + 1) {
            throw new CodecException("a code-block has more passes than bit planes");
        }
        mq.resetContexts();
        int pass = 0;
        int chunk = 0;
        for (int s = 0; s < block.segments; s++) {
            int length = block.segmentBytes[s];
            chunk = gather(block, chunk, length, data);
            // Passes 10, 11, 13, 14, ... counted from 0 are plain in bypass mode.
            boolean plain = coding.has(J2kCoding.BYPASS) && pass >= 10 && pass % 3 != 0;
            if (plain) {
                mq.startPlain(segment, length);
            } else {
                mq.startCoded(segment);
            }
            for (int p = 0; p < block.segmentPasses[s]; p++, pass++) {
                decodePass(pass, plane - (pass + 2) / 3, plain, coding);
            }
        }
        if (regionShift > 0) {
            lowerRegion(regionShift);
        }
        return values;
    }

    /** Concatenates a segment's chunks and returns the index of the next chunk. */
    private int gather(J2kBlock block, int chunk, int length, byte[] data) {
        if (segment.length < length + 2) {
            segment = new byte[length + length / 2 + 2];
        }
        int at = 0;
        int next = chunk;
        while (at < length || next < block.chunks && block.chunkLength[next] == 0) {
            System.arraycopy(data, block.chunkStart[next], segment, at, block.chunkLength[next]);
            at += block.chunkLength[next++];
        }
        segment[length] = -1;
        segment[length + 1] = -1;
        return next;
    }

    private void decodePass(int pass, int plane, boolean plain, J2kCoding coding) throws CodecException {
        switch (pass % 3) {
            case 0 -> {
                cleanUp(plane);
                if (coding.has(J2kCoding.SEGMENT_SYMBOLS)) {
                    int symbol = 0;
                    for (int i = 0; i < 4; i++) {
                        symbol = symbol << 1 | mq.decode(J2kMqDecoder.UNIFORM);
                    }
                    if (symbol != SEGMENT_SYMBOL) {
                        throw new CodecException("a code-block's segmentation symbol is wrong");
                    }
                }
            }
            case 1 -> findSignificant(plane, plain);
            default -> refine(plane, plain);
        }
        if (coding.has(J2kCoding.RESET_CONTEXTS)) {
            mq.resetContexts();
        }
    }

    /** The significance propagation pass: coefficients with significant neighbours (D.3.1). */
    private void findSignificant(int plane, boolean plain) {
        for (int y = 0, stripe = pitch + 1; y < height; y += 4, stripe += pitch) {
            int rows = Math.min(4, height - y);
            for (int x = 0; x < width; x++) {
                int at = stripe + x;
                int state = states[at];
                if ((state & SIGNIFICANCE) == 0) {
                    continue;
                }
                for (int r = 0; r < rows; r++) {
                    int around = state >>> 3 * r;
                    if ((around & SELF) != 0 || (around & AROUND) == 0) {
                        continue;
                    }
                    int bit = plain ? mq.plainBit() : mq.decode(zeroContexts[around & AROUND]);
                    if (bit != 0) {
                        int sign = plain ? mq.plainBit() : sign(at, r, state);
                        state = makeSignificant(at, r, sign, state);
                        values[(y + r) * width + x] = sign == 0 ? 3 << plane : -3 << plane;
                    }
                    state |= 1 << CODED + r;
                }
                states[at] = state;
            }
        }
    }

    /** The magnitude refinement pass: coefficients significant before this plane (D.3.3). */
    private void refine(int plane, boolean plain) {
        for (int y = 0, stripe = pitch + 1; y < height; y += 4, stripe += pitch) {
            int rows = Math.min(4, height - y);
            for (int x = 0; x < width; x++) {
                int state = states[stripe + x];
                if ((state & COLUMN) == 0) {
                    continue;
                }
                for (int r = 0; r < rows; r++) {
                    int around = state >>> 3 * r;
                    if ((around & SELF) == 0 || (state & 1 << CODED + r) != 0) {
                        continue;
                    }
                    int bit;
                    if (plain) {
                        bit = mq.plainBit();
                    } else if ((state & 1 << REFINED + r) != 0) {
                        bit = mq.decode(REFINE_CONTEXT + 2);
                    } else {
                        bit = mq.decode((around & AROUND) != 0 ? REFINE_CONTEXT + 1 : REFINE_CONTEXT);
                    }
                    // The previous half step is this plane's bit; the new one is one plane lower.
                    int i = (y + r) * width + x;
                    int v = values[i];
                    int half = bit == 0 ? -1 << plane : 1 << plane;
                    values[i] = v < 0 ? v - half : v + half;
                    state |= 1 << REFINED + r;
                }
                states[stripe + x] = state;
            }
        }
    }

    /** The clean-up pass: all the rest, columns without significant neighbours as runs (D.3.4). */
    private void cleanUp(int plane) {
        for (int y = 0, stripe = pitch + 1; y < height; y += 4, stripe += pitch) {
            int rows = Math.min(4, height - y);
            for (int x = 0; x < width; x++) {
                int at = stripe + x;
                int state = states[at];
                int r = 0;
                boolean found = false;
                if (rows == 4 && (state & (SIGNIFICANCE | ALL_CODED)) == 0) {
                    if (mq.decode(J2kMqDecoder.RUN) == 0) {
                        continue;
                    }
                    r = mq.decode(J2kMqDecoder.UNIFORM) << 1;
                    r |= mq.decode(J2kMqDecoder.UNIFORM);
                    found = true;
                }
                for (; r < rows; r++) {
                    int around = state >>> 3 * r;
                    if ((around & SELF) != 0 || (state & 1 << CODED + r) != 0) {
                        continue;
                    }
                    if (found || mq.decode(zeroContexts[around & AROUND]) != 0) {
                        found = false;
                        int sign = sign(at, r, state);
                        state = makeSignificant(at, r, sign, state);
                        values[(y + r) * width + x] = sign == 0 ? 3 << plane : -3 << plane;
                    }
                }
                states[at] = state & ~ALL_CODED;
            }
        }
    }

    /** Decodes the sign of row {@code r} of a column: 1 is negative. */
    private int sign(int at, int r, int state) {
        int pattern = state >>> 3 * r & 0xAA | state >>> SIGN_ABOVE + r & 1
                | (states[at - 1] >>> SIGN_SELF + r & 1) << 2 | (states[at + 1] >>> SIGN_SELF + r & 1) << 4
                | (state >>> SIGN_BELOW + r & 1) << 6;
        int entry = SIGN_CONTEXTS[pattern];
        return mq.decode(entry >> 1) ^ entry & 1;
    }

    /** Marks row {@code r} significant in the neighbouring columns, and returns the column's own new state. */
    private int makeSignificant(int at, int r, int sign, int state) {
        states[at - 1] |= SELF << 1 << 3 * r;
        states[at + 1] |= SELF >> 1 << 3 * r;
        if (r == 0 && !causal) {
            // row 4 of the stripe above
            int above = at - pitch;
            states[above - 1] |= SELF << 13;
            states[above] |= SELF << 12 | sign << SIGN_SELF + 4;
            states[above + 1] |= SELF << 11;
        } else if (r == 3) {
            // row -1 of the stripe below
            int below = at + pitch;
            states[below - 1] |= SELF >> 2;
            states[below] |= SELF >> 3 | sign << SIGN_ABOVE;
            states[below + 1] |= SELF >> 4;
        }
        return state | SELF << 3 * r | sign << SIGN_SELF + r;
    }

    /** Maxshift (annex H): shifts coefficients above the background's planes down. */
    private void lowerRegion(int shift) {
        for (int i = 0; i < width * height; i++) {
            int magnitude = Math.abs(values[i]);
            if (magnitude >> 1 >= 1 << shift) {
                values[i] = values[i] < 0 ? -(magnitude >> shift) : magnitude >> shift;
            }
        }
    }

    private static byte[][] zeroContexts() {
        byte[][] contexts = new byte[4][512];
        for (int orientation = 0; orientation < 4; orientation++) {
            for (int around = 0; around < 512; around++) {
                int across = (around >> 3 & 1) + (around >> 5 & 1);
                int down = (around >> 1 & 1) + (around >> 7 & 1);
                int diagonal = (around & 1) + (around >> 2 & 1) + (around >> 6 & 1) + (around >> 8 & 1);
                int context = switch (orientation) {
                    case 1 -> zeroContext(down, across, diagonal);
                    case 3 -> zeroContextDiagonal(across + down, diagonal);
                    default -> zeroContext(across, down, diagonal);
                };
                contexts[orientation][around] = (byte) context;
            }
        }
        return contexts;
    }

    private static int zeroContext(int across, int down, int diagonal) {
        if (across == 2) {
            return 8;
        }
        if (across == 1) {
            return down > 0 ? 7 : diagonal > 0 ? 6 : 5;
        }
        return down > 0 ? 2 + down : Math.min(diagonal, 2);
    }

    private static int zeroContextDiagonal(int straight, int diagonal) {
        return switch (diagonal) {
            case 0 -> Math.min(straight, 2);
            case 1 -> 3 + Math.min(straight, 2);
            case 2 -> straight > 0 ? 7 : 6;
            default -> 8;
        };
    }

    private static byte[] signContexts() {
        byte[] contexts = new byte[256];
        for (int pattern = 0; pattern < 256; pattern++) {
            // neighbours above, left, right, below: significance in the odd bits, sign in the even ones
            int down = Math.clamp(signOf(pattern) + signOf(pattern >> 6), -1, 1);
            int across = Math.clamp(signOf(pattern >> 2) + signOf(pattern >> 4), -1, 1);
            int flip = across < 0 || across == 0 && down < 0 ? 1 : 0;
            if (flip == 1) {
                across = -across;
                down = -down;
            }
            int context = SIGN_CONTEXT + (across == 0 ? down : 3 + down);
            contexts[pattern] = (byte) (context << 1 | flip);
        }
        return contexts;
    }

    private static int signOf(int pattern) {
        return (pattern & 2) == 0 ? 0 : (pattern & 1) == 0 ? 1 : -1;
    }
}
