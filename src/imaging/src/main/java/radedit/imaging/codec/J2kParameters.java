package radedit.imaging.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * Coding parameters of the codestream or, as a modified copy, of a tile. COC and QCC of a component take precedence over
 * COD and QCD, and a tile's segments over those of the main header (T.800 A.6).
 */
final class J2kParameters {
    private static final int COD = 0xFF52;
    private static final int COC = 0xFF53;
    private static final int RGN = 0xFF5E;
    private static final int QCD = 0xFF5C;
    private static final int QCC = 0xFF5D;
    private static final int POC = 0xFF5F;
    private static final int PPM = 0xFF60;
    private static final int PPT = 0xFF61;
    private static final int CAP = 0xFF50;

    /** More than any encoder writes; every change costs a pass over all packets. */
    private static final int MAX_CHANGES = 128;

    private final int components;
    private final J2kCoding[] coding;
    private final boolean[] ownCoding;
    private final J2kQuantisation[] quantisation;
    private final boolean[] ownQuantisation;
    private final int[] regionShift;
    private final List<J2kProgressionChange> changes;
    private int order;
    private int layers;
    private boolean componentTransform;
    private boolean ownChanges;

    /** Without any segment. */
    J2kParameters(int components) {
        this.components = components;
        coding = new J2kCoding[components];
        ownCoding = new boolean[components];
        quantisation = new J2kQuantisation[components];
        ownQuantisation = new boolean[components];
        regionShift = new int[components];
        changes = new ArrayList<>();
    }

    /** Initial parameters of a tile. */
    J2kParameters(J2kParameters main) {
        components = main.components;
        coding = main.coding.clone();
        ownCoding = new boolean[components];
        quantisation = main.quantisation.clone();
        ownQuantisation = new boolean[components];
        regionShift = main.regionShift.clone();
        changes = new ArrayList<>(main.changes);
        order = main.order;
        layers = main.layers;
        componentTransform = main.componentTransform;
    }

    /** Applies a segment; segments that do not affect the pixels are skipped. */
    void read(int marker, ByteCursor in) throws CodecException {
        switch (marker) {
            case COD -> readCoding(in);
            case COC -> {
                int c = component(in);
                coding[c] = J2kCoding.read(in, (in.u8() & 1) != 0);
                ownCoding[c] = true;
            }
            case QCD -> {
                J2kQuantisation q = J2kQuantisation.read(in);
                for (int c = 0; c < components; c++) {
                    quantisation[c] = ownQuantisation[c] ? quantisation[c] : q;
                }
            }
            case QCC -> {
                int c = component(in);
                quantisation[c] = J2kQuantisation.read(in);
                ownQuantisation[c] = true;
            }
            case RGN -> {
                int c = component(in);
                if (in.u8() != 0) {
                    throw new CodecException("a region of interest is not of the kind that Part 1 has");
                }
                regionShift[c] = in.u8();
            }
            case POC -> readChanges(in);
            case PPM, PPT -> throw new CodecException("packed packet headers (PPM, PPT) are not supported");
            case CAP -> throw new CodecException("High-Throughput JPEG 2000 (Part 15) is not supported");
            default -> {
            }
        }
    }

    private void readCoding(ByteCursor in) throws CodecException {
        int style = in.u8();
        order = in.u8();
        layers = in.u16();
        int transform = in.u8();
        if (order > 4 || layers == 0 || transform > 1) {
            throw new CodecException("progression order " + order + " with " + layers
                    + " layers and component transform " + transform + " is not allowed");
        }
        componentTransform = transform == 1;
        J2kCoding read = J2kCoding.read(in, (style & 1) != 0);
        for (int c = 0; c < components; c++) {
            coding[c] = ownCoding[c] ? coding[c] : read;
        }
    }

    private void readChanges(ByteCursor in) throws CodecException {
        if (!ownChanges) {
            changes.clear();
            ownChanges = true;
        }
        while (in.remaining() > 0) {
            int startResolution = in.u8();
            int startComponent = in.u8();
            int endLayer = in.u16();
            int endResolution = in.u8();
            int endComponent = in.u8();
            int change = in.u8();
            if (change > 4) {
                throw new CodecException("progression order " + change + " is not allowed");
            }
            if (changes.size() == MAX_CHANGES) {
                throw new CodecException("there are more than " + MAX_CHANGES + " progression changes");
            }
            changes.add(new J2kProgressionChange(change, endLayer, startResolution, endResolution, startComponent,
                    endComponent == 0 ? components : endComponent));
        }
    }

    /** A component's index; one byte, since there are never more than 256. */
    private int component(ByteCursor in) throws CodecException {
        int c = in.u8();
        if (c >= components) {
            throw new CodecException("a segment is about component " + c + " of " + components);
        }
        return c;
    }

    J2kCoding coding(int component) throws CodecException {
        if (coding[component] == null) {
            throw new CodecException("the coding style (COD) is missing");
        }
        return coding[component];
    }

    J2kQuantisation quantisation(int component) throws CodecException {
        if (quantisation[component] == null) {
            throw new CodecException("the quantisation (QCD) is missing");
        }
        return quantisation[component];
    }

    /** Number of bit planes by which a region of interest is shifted up; 0 without one. */
    int regionShift(int component) {
        return regionShift[component];
    }

    int layers() {
        return layers;
    }

    /** Whether the first three components were colour-transformed. */
    boolean componentTransform() {
        return componentTransform;
    }

    /** The progressions that together cover all packets. */
    List<J2kProgressionChange> progression() {
        return changes.isEmpty() ? List.of(new J2kProgressionChange(order, layers, 0, 33, 0, components)) : changes;
    }
}
