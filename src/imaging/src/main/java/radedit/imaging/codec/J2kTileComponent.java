package radedit.imaging.codec;

import java.util.ArrayList;
import java.util.List;

/** The geometry of one component of a tile: resolutions, sub-bands, precincts and code-blocks (T.800 B.5 to B.7). */
final class J2kTileComponent {
    /** More than precincts of 32 x 32 samples in the largest frame; each takes a kilobyte of memory. */
    private static final int MAX_PRECINCTS = 1 << 17;

    final J2kCoding coding;
    final int regionShift;
    /** Rectangle x0, y0, x1, y1 of each resolution (B-14). */
    final int[][] resolutions;
    /** Precincts of each resolution, row by row. */
    final List<List<J2kPrecinct>> precincts = new ArrayList<>();
    final List<J2kBlock> blocks = new ArrayList<>();

    private final int component;
    private final J2kQuantisation quantisation;
    private final int precision;
    private final int[] tile;

    /**
     * Lays out a tile-component.
     *
     * @param tile
     *            the tile's x0, y0, x1, y1
     * @param maxPrecincts
     *            upper bound of precincts, each of which takes at least a byte of the codestream
     */
    J2kTileComponent(J2kParameters parameters, int component, int precision, int[] tile, int maxPrecincts)
            throws CodecException {
        this.component = component;
        this.precision = precision;
        this.tile = tile;
        coding = parameters.coding(component);
        quantisation = parameters.quantisation(component);
        regionShift = parameters.regionShift(component);
        if (coding.reversible() != (quantisation.style() == 0)) {
            throw new CodecException("quantisation style " + quantisation.style() + " cannot be combined with the "
                    + (coding.reversible() ? "5/3" : "9/7") + " wavelet");
        }
        int levels = coding.levels();
        resolutions = new int[levels + 1][];
        for (int r = 0; r <= levels; r++) {
            int[] rectangle = new int[4];
            for (int i = 0; i < 4; i++) {
                rectangle[i] = (int) ceilShift(tile[i], levels - r);
            }
            resolutions[r] = rectangle;
        }
        long count = 0;
        for (int r = 0; r <= levels; r++) {
            count += (long) precinctsAcross(r) * precinctsDown(r);
            if (count > maxPrecincts) {
                throw new CodecException("the codestream is too short for its precincts");
            }
            if (count > MAX_PRECINCTS) {
                throw new CodecException("more than " + MAX_PRECINCTS + " precincts are not supported");
            }
            addResolution(r);
        }
    }

    int width() {
        return tile[2] - tile[0];
    }

    int height() {
        return tile[3] - tile[1];
    }

    private int precinctWidth(int resolution) {
        return coding.precincts()[resolution] & 15;
    }

    private int precinctHeight(int resolution) {
        return coding.precincts()[resolution] >> 4;
    }

    private int precinctsAcross(int r) {
        int[] box = resolutions[r];
        int size = precinctWidth(r);
        return box[2] > box[0] ? (int) (ceilShift(box[2], size) - (box[0] >> size)) : 0;
    }

    private int precinctsDown(int r) {
        int[] box = resolutions[r];
        int size = precinctHeight(r);
        return box[3] > box[1] ? (int) (ceilShift(box[3], size) - (box[1] >> size)) : 0;
    }

    private void addResolution(int r) throws CodecException {
        J2kBand[] bands = bands(r);
        int[] box = resolutions[r];
        int below = coding.levels() - r;
        List<J2kPrecinct> list = new ArrayList<>();
        for (int q = 0; q < precinctsDown(r); q++) {
            for (int p = 0; p < precinctsAcross(r); p++) {
                long px = (long) (box[0] >> precinctWidth(r)) + p << precinctWidth(r);
                long py = (long) (box[1] >> precinctHeight(r)) + q << precinctHeight(r);
                J2kPrecinct.Part[] parts = new J2kPrecinct.Part[bands.length];
                for (int b = 0; b < bands.length; b++) {
                    parts[b] = part(bands[b], r, px, py);
                }
                list.add(new J2kPrecinct(coding, component, r, Math.max(tile[0], px << below),
                        Math.max(tile[1], py << below), parts));
            }
        }
        precincts.add(list);
    }

    /** The sub-bands of a resolution (B-15). */
    private J2kBand[] bands(int r) throws CodecException {
        int levels = coding.levels();
        if (r == 0) {
            return new J2kBand[]{band(0, 0, levels, 0)};
        }
        J2kBand[] bands = new J2kBand[3];
        for (int orientation = 1; orientation <= 3; orientation++) {
            bands[orientation - 1] = band(r, orientation, levels - r + 1, 3 * (r - 1) + orientation);
        }
        return bands;
    }

    private J2kBand band(int r, int orientation, int decompositions, int number) throws CodecException {
        long right = orientation % 2 == 0 ? 0 : 1L << decompositions - 1;
        long down = orientation < 2 ? 0 : 1L << decompositions - 1;
        int planeX = right == 0 ? 0 : resolutions[r - 1][2] - resolutions[r - 1][0];
        int planeY = down == 0 ? 0 : resolutions[r - 1][3] - resolutions[r - 1][1];
        int exponent = quantisation.exponent(number, r);
        int planes = quantisation.guardBits() + exponent - 1;
        if (planes < 0 || planes + regionShift > J2kBlockDecoder.MAX_PLANES) {
            throw new CodecException("coefficients of " + (planes + regionShift) + " bits are not supported");
        }
        int gain = orientation == 0 ? 0 : orientation == 3 ? 2 : 1;
        double step = coding.reversible()
                ? 1
                : Math.scalb(1 + quantisation.mantissa(number) / 2048.0, precision + gain - exponent);
        return new J2kBand(orientation, (int) ceilShift(tile[0] - right, decompositions),
                (int) ceilShift(tile[1] - down, decompositions), (int) ceilShift(tile[2] - right, decompositions),
                (int) ceilShift(tile[3] - down, decompositions), planeX, planeY, planes, step);
    }

    /** The code-blocks of a sub-band in the precinct at (px, py) of its resolution. */
    private J2kPrecinct.Part part(J2kBand band, int r, long px, long py) {
        int half = r == 0 ? 0 : 1;
        int width = precinctWidth(r) - half;
        int height = precinctHeight(r) - half;
        int x0 = (int) Math.max(band.x0(), px >> half);
        int y0 = (int) Math.max(band.y0(), py >> half);
        int x1 = (int) Math.min(band.x1(), (px >> half) + (1L << width));
        int y1 = (int) Math.min(band.y1(), (py >> half) + (1L << height));
        if (x1 <= x0 || y1 <= y0) {
            return J2kPrecinct.Part.EMPTY;
        }
        int blockWidth = Math.min(coding.blockWidth(), width);
        int blockHeight = Math.min(coding.blockHeight(), height);
        int firstX = x0 >> blockWidth;
        int firstY = y0 >> blockHeight;
        int across = (x1 - 1 >> blockWidth) - firstX + 1;
        int down = (y1 - 1 >> blockHeight) - firstY + 1;
        J2kBlock[] all = new J2kBlock[across * down];
        for (int i = 0; i < all.length; i++) {
            int bx0 = Math.max(x0, firstX + i % across << blockWidth);
            int by0 = Math.max(y0, firstY + i / across << blockHeight);
            int bx1 = (int) Math.min(x1, firstX + i % across + 1L << blockWidth);
            int by1 = (int) Math.min(y1, firstY + i / across + 1L << blockHeight);
            all[i] = new J2kBlock(band, bx0 - band.x0(), by0 - band.y0(), bx1 - bx0, by1 - by0);
            blocks.add(all[i]);
        }
        return new J2kPrecinct.Part(across, all, new J2kTagTree(across, down), new J2kTagTree(across, down));
    }

    /** ceil(a / 2^n). */
    private static long ceilShift(long a, int n) {
        return a + (1L << n) - 1 >> n;
    }
}
