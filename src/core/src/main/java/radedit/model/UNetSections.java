package radedit.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import radedit.graph.DeepFeatures;
import radedit.graph.Graph;
import radedit.graph.Hoisting;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.SharedSamples;

/** A UNet in sections: what depends on the texts only, what depends on the timestep only, and the rest. */
public final class UNetSections {
    /** Name of the deep features, as output and as input. */
    public static final String FEATURES = "deep_features";

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
     * {@return a UNet's rest with and without its deep features: what the last block of the way up reads of the level below}
     *
     * @param rest
     *            see {@link #rest}
     */
    public static DeepFeatures deep(Graph rest) {
        List<Node> joined = rest.nodes().stream().filter(n -> n.op() instanceof Op.Concat).toList();
        return DeepFeatures.of(rest, joined.getLast().inputs().getFirst(), FEATURES);
    }
}
