package radedit.imaging.codec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order of a tile's packets (T.800 B.12). A packet is a precinct and a layer. In a positional order, every precinct
 * has one position, so the order is a sort of the precincts.
 */
final class J2kProgression {
    /** Receives packets in codestream order. */
    @FunctionalInterface
    interface Packets {
        void next(J2kPrecinct precinct) throws CodecException;
    }

    private static final Comparator<J2kPrecinct> BY_POSITION = Comparator.<J2kPrecinct>comparingLong(p -> p.y)
            .thenComparingLong(p -> p.x);
    private static final Comparator<J2kPrecinct> BY_COMPONENT = Comparator.comparingInt(p -> p.component);
    private static final Comparator<J2kPrecinct> BY_RESOLUTION = Comparator.comparingInt(p -> p.resolution);

    private J2kProgression() {
    }

    /** Visits all packets of a progression that were not visited before. */
    static void visit(J2kProgressionChange change, List<J2kTileComponent> components, Packets packets)
            throws CodecException {
        List<J2kPrecinct> selected = select(change, components);
        switch (change.order()) {
            case 0 -> {
                selected.sort(BY_RESOLUTION.thenComparing(BY_COMPONENT));
                layerByLayer(selected, change.endLayer(), packets);
            }
            case 1 -> {
                selected.sort(BY_RESOLUTION.thenComparing(BY_COMPONENT));
                int from = 0;
                while (from < selected.size()) {
                    int to = from;
                    while (to < selected.size() && selected.get(to).resolution == selected.get(from).resolution) {
                        to++;
                    }
                    layerByLayer(selected.subList(from, to), change.endLayer(), packets);
                    from = to;
                }
            }
            case 2 -> precinctByPrecinct(selected, BY_RESOLUTION.thenComparing(BY_POSITION).thenComparing(BY_COMPONENT),
                    change.endLayer(), packets);
            case 3 -> precinctByPrecinct(selected, BY_POSITION.thenComparing(BY_COMPONENT).thenComparing(BY_RESOLUTION),
                    change.endLayer(), packets);
            default -> precinctByPrecinct(selected,
                    BY_COMPONENT.thenComparing(BY_POSITION).thenComparing(BY_RESOLUTION), change.endLayer(), packets);
        }
    }

    private static List<J2kPrecinct> select(J2kProgressionChange change, List<J2kTileComponent> components) {
        List<J2kPrecinct> selected = new ArrayList<>();
        for (int c = change.startComponent(); c < Math.min(change.endComponent(), components.size()); c++) {
            List<List<J2kPrecinct>> all = components.get(c).precincts;
            for (int r = change.startResolution(); r < Math.min(change.endResolution(), all.size()); r++) {
                selected.addAll(all.get(r));
            }
        }
        return selected;
    }

    private static void layerByLayer(List<J2kPrecinct> precincts, int layers, Packets packets) throws CodecException {
        for (int layer = 0; layer < layers; layer++) {
            for (J2kPrecinct p : precincts) {
                if (p.layers == layer) {
                    packets.next(p);
                }
            }
        }
    }

    private static void precinctByPrecinct(List<J2kPrecinct> precincts, Comparator<J2kPrecinct> order, int layers,
            Packets packets) throws CodecException {
        precincts.sort(order); // stable, so that precincts at one place keep their order
        for (J2kPrecinct p : precincts) {
            while (p.layers < layers) {
                packets.next(p);
            }
        }
    }
}
