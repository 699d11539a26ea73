package radedit.imaging.codec;

import java.util.TreeMap;

/**
 * Decodes JPEG 2000 Part 1 (ITU-T T.800), bare codestreams or JP2 files. Packed packet headers, subsampled components
 * and components of different depths are not supported.
 */
final class J2kDecoder {
    private static final int SOC = 0xFF4F;
    private static final int SIZ = 0xFF51;
    private static final int SOT = 0xFF90;
    private static final int SOD = 0xFF93;
    private static final int EOC = 0xFFD9;
    private static final int JP2_SIGNATURE = 0x6A502020;
    private static final int JP2_CODESTREAM = 0x6A703263;
    private static final int SOT_BYTES = 12;

    private final byte[] data;
    private final ByteCursor in;
    private final FrameShape shape;
    private final TreeMap<Integer, J2kTile> tiles = new TreeMap<>();
    private final boolean lossy;

    private J2kDecoder(byte[] data, FrameShape shape, boolean lossy) {
        this.data = data;
        this.in = new ByteCursor(data);
        this.shape = shape;
        this.lossy = lossy;
    }

    /**
     * Decodes a frame.
     *
     * @param lossy
     *            whether the codestream may have been truncated to a target size, which makes the reversible wavelet
     *            lossy too and is not visible in its markers
     */
    static DecodedFrame decode(byte[] data, FrameShape shape, boolean lossy) throws CodecException {
        return new J2kDecoder(data, shape, lossy).decode();
    }

    private DecodedFrame decode() throws CodecException {
        skipBoxes();
        if (in.remaining() < 2 || in.u16() != SOC) {
            throw new CodecException("there is no JPEG 2000 codestream (SOC marker missing)");
        }
        J2kSize size = readSize();
        J2kParameters main = readMainHeader(size.components());
        int count = size.tilesAcross() * size.tilesDown();
        while (tileParts()) {
            readTilePart(main, count);
        }
        if (tiles.size() != count) {
            throw new CodecException("the codestream has only " + tiles.size() + " of " + count + " tiles");
        }
        int[] samples = new int[shape.samples()];
        J2kTileDecoder decoder = new J2kTileDecoder(size, samples, data.length);
        while (!tiles.isEmpty()) {
            var tile = tiles.pollFirstEntry();
            decoder.decode(tile.getKey(), tile.getValue());
        }
        return new DecodedFrame(shape.width(), shape.height(), shape.components(), size.precision(), size.signed(),
                lossy || decoder.isIrreversible(), samples);
    }

    /** Moves to the codestream of a JP2 file; DICOM forbids the file format, but it occurs. */
    private void skipBoxes() throws CodecException {
        if (in.remaining() < 12 || data[0] != 0 || new ByteCursor(data, 4, 8).i32() != JP2_SIGNATURE) {
            return;
        }
        while (true) {
            int start = in.position();
            long length = in.u32();
            if (in.i32() == JP2_CODESTREAM) {
                if (length == 1) {
                    in.part(8);
                }
                return;
            }
            if (length < 8 || length > in.end() - start) {
                throw new CodecException("a JP2 box has " + length + " bytes");
            }
            in.seek(start + (int) length);
        }
    }

    /** The segment SIZ, which comes first. */
    private J2kSize readSize() throws CodecException {
        if (in.u16() != SIZ) {
            throw new CodecException("the image's size (SIZ) is missing");
        }
        J2kSize size = J2kSize.read(in.part(in.u16() - 2), shape);
        // Every tile has a header.
        if ((long) size.tilesAcross() * size.tilesDown() * SOT_BYTES > data.length) {
            throw new CodecException("the codestream is too short for " + size.tilesAcross() + " x " + size.tilesDown()
                    + " tiles");
        }
        return size;
    }

    /** The parameters of all tiles: the main header after its SIZ, up to the first tile-part. */
    private J2kParameters readMainHeader(int components) throws CodecException {
        J2kParameters main = new J2kParameters(components);
        while (true) {
            int marker = in.u16();
            if (marker == SOT) {
                in.seek(in.position() - 2);
                return main;
            }
            main.read(checked(marker), in.part(in.u16() - 2));
        }
    }

    private static int checked(int marker) throws CodecException {
        if (marker < 0xFF50 || marker > 0xFF6F) {
            throw new CodecException("marker " + Integer.toHexString(marker) + " is out of place");
        }
        return marker;
    }

    /** Whether another tile-part follows; a missing EOC marker is tolerated. */
    private boolean tileParts() throws CodecException {
        if (in.remaining() < 2 || in.peek(0) == 0 && in.peek(1) == 0) {
            return false;
        }
        int marker = in.u16();
        if (marker != SOT && marker != EOC) {
            throw new CodecException("a tile-part is missing at byte " + (in.position() - 2));
        }
        return marker == SOT;
    }

    private void readTilePart(J2kParameters main, int count) throws CodecException {
        int start = in.position() - 2;
        if (in.u16() != 10) {
            throw new CodecException("a tile-part's header has a wrong length");
        }
        int number = in.u16();
        long length = in.u32();
        int part = in.u8();
        in.u8();
        if (number >= count) {
            throw new CodecException("tile " + number + " of " + count);
        }
        if (part == 0 != !tiles.containsKey(number)) {
            throw new CodecException("the parts of tile " + number + " are not in order");
        }
        int end;
        if (length == 0) {
            end = in.end();
            boolean marked = end - in.position() >= 2 && data[end - 2] == -1 && (data[end - 1] & 0xFF) == 0xD9;
            end -= marked ? 2 : 0;
        } else if (length < SOT_BYTES + 2 || length > in.end() - start) {
            throw new CodecException("the codestream ends early: a part of tile " + number + " has " + length
                    + " bytes, and there are " + (in.end() - start));
        } else {
            end = start + (int) length;
        }
        J2kTile tile = tiles.computeIfAbsent(number, n -> new J2kTile(main, data));
        int marker = in.u16();
        while (marker != SOD) {
            tile.parameters.read(checked(marker), in.part(in.u16() - 2));
            marker = in.u16();
        }
        if (in.position() > end) {
            throw new CodecException("a part of tile " + number + " is shorter than its header");
        }
        tile.add(in.position(), end);
        in.seek(end);
    }
}
