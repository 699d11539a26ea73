package radedit.model;

import java.util.LinkedHashMap;
import java.util.Map;

import radedit.graph.Activation;
import radedit.graph.Graph;
import radedit.graph.Padding;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Shape;

/**
 * The image encoder of BioViL-T (Bannur et al., arXiv:2301.04558; hi-ml-multimodal, MultiImageModel): a residual
 * network (He et al., arXiv:1512.03385) computes a grid of patches, a transformer compares them with those of an
 * earlier film, and a projector maps both to the space shared with texts.
 *
 * <p>
 * Inputs: image [b, 3, s, s] in 0..1 and, for pairs, previous of the same shape. Outputs: projected [b, joint], the
 * mean of the projected patches, l2-normalised; patches [b, joint, s/32, s/32], each l2-normalised.
 */
public final class BioVilImage {
    private static final int EXPANSION = 4;
    private static final double BATCH_NORM_EPS = 1e-5;
    private static final double LAYER_NORM_EPS = 1e-6;
    private static final double NORMALIZE_EPS = 1e-12;

    private final BioVilImageConfig config;

    private BioVilImage(BioVilImageConfig config) {
        this.config = config;
    }

    /**
     * {@return the graph for films without an earlier one, for which a learned embedding stands in}
     *
     * @param config
     *            sizes of the network
     * @param batch
     *            number of films
     */
    public static Graph single(BioVilImageConfig config, int batch) {
        return new BioVilImage(config).forward(batch, false);
    }

    /**
     * {@return the graph for pairs of a film and an earlier one of the same patient}
     *
     * @param config
     *            sizes of the network
     * @param batch
     *            number of pairs
     */
    public static Graph pair(BioVilImageConfig config, int batch) {
        return new BioVilImage(config).forward(batch, true);
    }

    /**
     * {@return the shape of every tensor used, by its name in the checkpoint}
     *
     * @param config
     *            sizes of the network
     */
    public static Map<String, Shape> weights(BioVilImageConfig config) {
        Map<String, Shape> all = new LinkedHashMap<>(single(config, 1).weights());
        all.putAll(pair(config, 1).weights());
        return all;
    }

    /**
     * {@return whether a published image encoder may contain a tensor that the graphs do not use}
     *
     * @param name
     *            name of the tensor
     */
    public static boolean isOptional(String name) {
        return name.endsWith(".num_batches_tracked") || name.equals("encoder.vit_pooler.pos_embed")
                || name.startsWith("encoder.encoder.fc.") || name.startsWith("classifier.");
    }

    private Graph forward(int batch, boolean pair) {
        Scope net = Scope.root();
        Shape picture = Shape.of(batch, config.imageSize(), config.imageSize(), 3);
        Value image = net.input("image", picture);
        Value fused = pair
                ? temporal(net.at("encoder"), image, net.input("previous", picture))
                : alone(net.at("encoder"), image);
        Value patches = projector(net.at("projector.model"), fused);
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("projected", net.l2Normalize("projected", net.meanPool("global", patches), NORMALIZE_EPS));
        outputs.put("patches", net.l2Normalize("patches", patches, NORMALIZE_EPS));
        return net.build(outputs);
    }

    private Value alone(Scope s, Value image) {
        Value x = s.conv2d("backbone_to_vit", trunk(s.at("encoder"), image), config.features(), 1, 1, Padding.all(0),
                false);
        int cells = x.dim(0) * x.dim(1) * x.dim(2);
        var missing = s.parameter("missing_previous_emb", Shape.of(1, config.features(), 1, 1));
        Value absent = s.repeatedRow("missing_previous", missing, 0, cells, config.features());
        return s.concat("patch_fused", x, s.reshape("missing_grid", absent, x.shape()));
    }

    /** Concatenates the films of each pair along the batch, so that they pass the residual network together. */
    private Value temporal(Scope s, Value image, Value previous) {
        int batch = image.dim(0);
        Shape flat = Shape.of(batch, (int) (image.shape().elements() / batch));
        Value both = s.concat("films", s.reshape("current_flat", image, flat),
                s.reshape("previous_flat", previous, flat));
        both = s.reshape("pairs", both, image.shape().with(0, 2 * batch));
        Value x = s.conv2d("backbone_to_vit", trunk(s.at("encoder"), both), config.features(), 1, 1, Padding.all(0),
                false);
        Value tokens = s.reshape("sequence", x, Shape.of(batch, 2 * x.dim(1) * x.dim(2), config.features()));
        Value difference = pooler(s.at("vit_pooler"), tokens);
        return s.concat("patch_fused", current(s.at("patches"), tokens), current(s.at("differences"), difference));
    }

    /** {@return the current film's half of the tokens [b, 2 l, c] of a pair, as a grid} */
    private Value current(Scope s, Value tokens) {
        int batch = tokens.dim(0);
        int each = tokens.dim(1) / 2 * tokens.channels();
        Value half = s.slice("current", s.reshape("flat", tokens, Shape.of(batch, 2 * each)), 0, each);
        return s.reshape("grid", half, Shape.of(batch, config.grid(), config.grid(), tokens.channels()));
    }

    /** ResNet; the strided convolution of a bottleneck is the 3 x 3 one. */
    private Value trunk(Scope s, Value image) {
        Value h = s.conv2d("conv1", image, config.baseWidth(), 7, 2, Padding.all(3), false);
        h = s.activation("relu", s.batchNorm("bn1", h, BATCH_NORM_EPS), Activation.RELU);
        h = s.maxPool("maxpool", h, 3, 2, 1);
        for (int stage = 0; stage < config.layers().length; stage++) {
            for (int i = 0; i < config.layers()[stage]; i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                h = bottleneck(s.at("layer" + (stage + 1), i), h, config.baseWidth() << stage, stride);
            }
        }
        return h;
    }

    private Value bottleneck(Scope s, Value x, int width, int stride) {
        Value h = s.conv2d("conv1", x, width, 1, 1, Padding.all(0), false);
        h = s.activation("relu", s.batchNorm("bn1", h, BATCH_NORM_EPS), Activation.RELU);
        h = s.conv2d("conv2", h, width, 3, stride, Padding.all(1), false);
        h = s.activation("relu", s.batchNorm("bn2", h, BATCH_NORM_EPS), Activation.RELU);
        h = s.conv2d("conv3", h, EXPANSION * width, 1, 1, Padding.all(0), false);
        h = s.batchNorm("bn3", h, BATCH_NORM_EPS);
        Value shortcut = x;
        if (stride != 1 || x.channels() != EXPANSION * width) {
            shortcut = s.conv2d("downsample.0", x, EXPANSION * width, 1, stride, Padding.all(0), false);
            shortcut = s.batchNorm("downsample.1", shortcut, BATCH_NORM_EPS);
        }
        return s.activation("relu", s.add("add_shortcut", h, shortcut), Activation.RELU);
    }

    /** VisionTransformerPooler over the tokens [b, 2 l, c] of both films. */
    private Value pooler(Scope s, Value tokens) {
        int c = config.features();
        int cells = config.grid() * config.grid();
        var types = s.parameter("type_embed", Shape.of(2, 1, c));
        Value place = s.gridPositions("pos_embed", config.grid(), config.grid(), c);
        Shape flat = Shape.of(1, cells * c);
        Value now = s.add("current_embed", place, s.repeatedRow("current_type", types, 0, cells, c));
        Value before = s.add("previous_embed", place, s.repeatedRow("previous_type", types, 1, cells, c));
        Value embed = s.concat("embed_flat", s.reshape("current_row", now, flat),
                s.reshape("previous_row", before, flat));
        embed = s.reshape("pos_and_type_embed", embed, Shape.of(1, 2 * cells, c));
        Value h = s.identity("pos_drop", tokens);
        for (int i = 0; i < config.blocks(); i++) {
            h = block(s.at("blocks", i), h, embed);
        }
        return s.layerNorm("norm_post", h, LAYER_NORM_EPS);
    }

    private Value block(Scope s, Value x, Value embed) {
        Value n = s.add("with_embed", s.layerNorm("norm1", x, LAYER_NORM_EPS), embed);
        Scope a = s.at("attn");
        Value q = a.linear("proj_q", n, x.channels(), false);
        Value k = a.linear("proj_k", n, x.channels(), false);
        Value v = a.linear("proj_v", n, x.channels(), false);
        Value h = a.linear("proj", a.attention("attention", q, k, v, config.heads()), x.channels());
        x = s.add("add_attention", x, a.identity("proj_drop", h));
        Scope mlp = s.at("mlp");
        h = mlp.linear("fc1", s.layerNorm("norm2", x, LAYER_NORM_EPS), x.channels());
        h = mlp.linear("fc2", mlp.activation("act", h, Activation.GELU), x.channels());
        return s.add("add_mlp", x, h);
    }

    private Value projector(Scope s, Value x) {
        Value h = s.conv2d("0", x, config.jointFeatures(), 1, 1, Padding.all(0), false);
        h = s.activation("2", s.batchNorm("1", h, BATCH_NORM_EPS), Activation.RELU);
        return s.conv2d("3", h, config.jointFeatures(), 1);
    }
}
