package radedit.model;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import radedit.graph.CachedValues;
import radedit.graph.Graph;
import radedit.graph.Hoisting;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.SharedSamples;
import radedit.graph.Value;

/** A UNet in sections: what depends on the texts only, what depends on the timestep only, and the rest. */
public final class UNetSections {
    /** Name of the deep features, as output and as input. */
    private static final String FEATURES = "deep_features";

    /** End of the names of results of cross-attention, after its projection. */
    private static final String ATTENDED = ".attn2.to_out.0";

    /** What later steps may take from an earlier one. */
    public enum Cached {
        /** What the last block of the way up reads of the level below (DeepCache, arXiv:2312.00858, with branch 0). */
        DEEP_FEATURES,
        /** The results of all cross-attention (T-GATE, arXiv:2404.02747); with them, the UNet reads no text. */
        CROSS_ATTENTION
    }

    private UNetSections() {}

    /**
     * {@return what of a UNet depends on the texts only}
     *
     * @param unet
     *            the whole network
     */
    public static Graph texts(Graph unet) {
        return Hoisting.of(unet, Set.of(UNet.CONTEXT)).once();
    }

    /**
     * {@return what of a UNet depends on the timestep only}
     *
     * @param unet
     *            the whole network
     */
    public static Graph times(Graph unet) {
        return Hoisting.of(unet, Set.of(UNet.TIMESTEP)).once();
    }

    /**
     * {@return a UNet without what depends on the texts only}
     *
     * @param unet
     *            the whole network
     * @param times
     *            whether without what depends on the timestep only, too
     * @param group
     *            neighbours in the batch that differ in their texts only; 1 for none; divides the batch
     */
    public static Graph rest(Graph unet, boolean times, int group) {
        Hoisting texts = Hoisting.of(unet, Set.of(UNet.CONTEXT));
        Graph rest = times ? Hoisting.of(texts.rest(), Set.of(UNet.TIMESTEP)).rest() : texts.rest();
        Set<String> differing = new HashSet<>(texts.once().outputs().keySet());
        differing.add(UNet.CONTEXT);
        return SharedSamples.apply(rest, differing, group);
    }

    /**
     * {@return a UNet's rest that hands out values, and the same given these values}
     *
     * @param rest
     *            see {@link #rest}
     * @param what
     *            which values
     */
    public static CachedValues cached(Graph rest, Cached what) {
        return CachedValues.of(rest, switch (what) {
            case DEEP_FEATURES -> {
                List<Node> joined = rest.nodes().stream().filter(n -> n.op() instanceof Op.Concat).toList();
                yield Map.of(FEATURES, joined.getLast().inputs().getFirst());
            }
            case CROSS_ATTENTION -> {
                Map<String, Value> attended = new LinkedHashMap<>();
                rest.nodes().stream().filter(n -> n.name().endsWith(ATTENDED))
                        .forEach(n -> attended.put(n.name(), n.output()));
                yield attended;
            }
        });
    }
}
