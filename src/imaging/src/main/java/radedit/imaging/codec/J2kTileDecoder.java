package radedit.imaging.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Decodes a tile's packets to samples: code-blocks, dequantisation, wavelet, colour, level shift. */
final class J2kTileDecoder {
    private static final int BLOCKS_AT_ONCE = 16;

    private final J2kSize size;
    private final int[] samples;
    /** Upper bound of remaining packets: each takes at least a byte. */
    private long packetsLeft;
    private boolean irreversible;

    J2kTileDecoder(J2kSize size, int[] samples, int codestreamBytes) {
        this.size = size;
        this.samples = samples;
        this.packetsLeft = codestreamBytes;
    }

    /** Whether a tile uses the irreversible wavelet. */
    boolean isIrreversible() {
        return irreversible;
    }

    void decode(int number, J2kTile tile) throws CodecException {
        int[] box = size.tile(number);
        J2kParameters parameters = tile.parameters;
        List<J2kTileComponent> components = new ArrayList<>();
        for (int c = 0; c < size.components(); c++) {
            components.add(new J2kTileComponent(parameters, c, size.precision(), box, (int) packetsLeft));
            for (List<J2kPrecinct> resolution : components.get(c).precincts) {
                packetsLeft -= (long) resolution.size() * parameters.layers();
            }
            if (packetsLeft < 0) {
                throw new CodecException("the codestream is too short for its packets");
            }
        }
        byte[] data = tile.data();
        J2kPackets packets = new J2kPackets(tile.packets(data), parameters.layers());
        for (J2kProgressionChange change : parameters.progression()) {
            J2kProgression.visit(change, components, packets::read);
        }
        for (J2kTileComponent component : components) {
            for (List<J2kPrecinct> resolution : component.precincts) {
                for (J2kPrecinct precinct : resolution) {
                    if (precinct.layers < parameters.layers()) {
                        throw new CodecException("the progression leaves out packets");
                    }
                }
            }
        }
        if (components.get(0).coding.reversible()) {
            reversible(box, parameters, components, data);
        } else {
            irreversible(box, parameters, components, data);
        }
    }

    private void reversible(int[] box, J2kParameters parameters, List<J2kTileComponent> components, byte[] data)
            throws CodecException {
        int[][] planes = new int[components.size()][];
        for (int c = 0; c < planes.length; c++) {
            J2kTileComponent component = components.get(c);
            if (!component.coding.reversible()) {
                throw new CodecException("components with different wavelets are not supported");
            }
            int width = component.width();
            int[] plane = new int[width * component.height()];
            decodeBlocks(component, data, (block, values) -> {
                for (int y = 0, i = 0; y < block.height; y++) {
                    int at = (block.band.planeY() + block.y + y) * width + block.band.planeX() + block.x;
                    for (int x = 0; x < block.width; x++) {
                        plane[at + x] = values[i++] / 2;
                    }
                }
            });
            new J2kReversibleWavelet(plane, width).inverse(component.resolutions);
            planes[c] = plane;
        }
        if (parameters.componentTransform()) {
            checkTransform(planes.length);
            J2kColour.reversible(planes[0], planes[1], planes[2]);
        }
        for (int c = 0; c < planes.length; c++) {
            store(box, planes[c], c);
        }
    }

    private void irreversible(int[] box, J2kParameters parameters, List<J2kTileComponent> components, byte[] data)
            throws CodecException {
        irreversible = true;
        float[][] planes = new float[components.size()][];
        for (int c = 0; c < planes.length; c++) {
            J2kTileComponent component = components.get(c);
            if (component.coding.reversible()) {
                throw new CodecException("components with different wavelets are not supported");
            }
            int width = component.width();
            float[] plane = new float[width * component.height()];
            decodeBlocks(component, data, (block, values) -> {
                float halfStep = (float) (block.band.step() / 2);
                for (int y = 0, i = 0; y < block.height; y++) {
                    int at = (block.band.planeY() + block.y + y) * width + block.band.planeX() + block.x;
                    for (int x = 0; x < block.width; x++) {
                        plane[at + x] = values[i++] * halfStep;
                    }
                }
            });
            new J2kIrreversibleWavelet(plane, width).inverse(component.resolutions);
            planes[c] = plane;
        }
        if (parameters.componentTransform()) {
            checkTransform(planes.length);
            J2kColour.irreversible(planes[0], planes[1], planes[2]);
        }
        for (int c = 0; c < planes.length; c++) {
            int[] rounded = new int[planes[c].length];
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = (int) Math.rint(planes[c][i]);
            }
            planes[c] = null;
            store(box, rounded, c);
        }
    }

    private static void checkTransform(int components) throws CodecException {
        if (components < 3) {
            throw new CodecException("a colour transform of " + components + " components");
        }
    }

    /** Receives the coefficients of a block, times 2. */
    @FunctionalInterface
    private interface Coefficients {
        void put(J2kBlock block, int[] values);
    }

    private static void decodeBlocks(J2kTileComponent component, byte[] data, Coefficients to) throws CodecException {
        List<J2kBlock> blocks = component.blocks;
        AtomicReference<CodecException> failure = new AtomicReference<>();
        Ranges.run(blocks.size(), BLOCKS_AT_ONCE, (from, end) -> {
            J2kBlockDecoder decoder = new J2kBlockDecoder();
            for (J2kBlock block : blocks.subList(from, end)) {
                if (block.passes > 0 && failure.get() == null) {
                    try {
                        to.put(block, decoder.decode(block, component.coding, component.regionShift, data));
                    } catch (CodecException e) {
                        failure.set(e);
                    }
                }
            }
        });
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** Level-shifts unsigned samples, clamps, and copies a component of the tile into the frame. */
    private void store(int[] box, int[] plane, int component) {
        int half = 1 << size.precision() - 1;
        int shift = size.signed() ? 0 : half;
        int min = size.signed() ? -half : 0;
        int max = min + 2 * half - 1;
        int width = box[2] - box[0];
        int count = size.components();
        for (int y = box[1]; y < box[3]; y++) {
            int from = (y - box[1]) * width;
            int to = ((y - size.y0()) * (size.x1() - size.x0()) + box[0] - size.x0()) * count + component;
            for (int x = 0; x < width; x++) {
                samples[to + x * count] = Math.clamp(plane[from + x] + shift, min, max);
            }
        }
    }
}
