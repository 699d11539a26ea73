package radedit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import radedit.graph.Graph;
import radedit.graph.Padding;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Shape;

/**
 * UNet2DConditionModel: predicts the noise in a latent, given its timestep and a text embedding (Rombach et al.,
 * arXiv:2112.10752; diffusers, models/unets).
 *
 * <p>
 * Inputs: sample [b, 4, h, w], timestep [b], encoder_hidden_states [b, tokens, channels]. Output: eps [b, 4, h, w].
 */
public final class UNet {
    /** Name of the latents' input. */
    public static final String SAMPLE = "sample";
    /** Name of the timesteps' input. */
    public static final String TIMESTEP = "timestep";
    /** Name of the texts' input. */
    public static final String CONTEXT = "encoder_hidden_states";
    /** Name of the output. */
    public static final String EPS = "eps";

    private final UNetConfig config;

    private UNet(UNetConfig config) {
        this.config = config;
    }

    /**
     * {@return the graph of the network}
     *
     * @param config
     *            sizes of the network
     * @param batch
     *            number of latents
     * @param height
     *            height of the latent, any number of latent pixels
     * @param width
     *            width of the latent, any number of latent pixels
     * @param tokens
     *            tokens of the text embedding
     */
    public static Graph graph(UNetConfig config, int batch, int height, int width, int tokens) {
        return new UNet(config).forward(batch, height, width, tokens);
    }

    /**
     * {@return the shape of every tensor, by its name in the checkpoint}
     *
     * @param config
     *            sizes of the network
     */
    public static Map<String, Shape> weights(UNetConfig config) {
        return graph(config, 1, 8, 8, 1).weights();
    }

    private Graph forward(int batch, int height, int width, int tokens) {
        Scope net = Scope.root();
        Value sample = net.input(SAMPLE, Shape.of(batch, height, width, config.inChannels()));
        Value timestep = net.input(TIMESTEP, Shape.of(batch));
        Value context = net.input(CONTEXT, Shape.of(batch, tokens, config.crossAttentionDim()[0]));

        Value emb = timeEmbedding(net, timestep);
        Value h = net.conv2d("conv_in", sample, config.blockOutChannels()[0], config.convInKernel());

        int levels = config.blockOutChannels().length;
        List<Value> skips = new ArrayList<>(List.of(h));
        for (int i = 0; i < levels; i++) {
            h = downBlock(net.at("down_blocks", i), i, h, emb, context, skips);
        }
        h = midBlock(net.at("mid_block"), h, emb, context);
        for (int i = 0; i < levels; i++) {
            h = upBlock(net.at("up_blocks", i), i, h, emb, context, skips);
        }

        h = net.groupNorm("conv_norm_out", h, config.groups(), config.normEps());
        h = net.activation("conv_act", h, config.activation());
        return net.build(Map.of(EPS, net.conv2d("conv_out", h, config.outChannels(), config.convOutKernel())));
    }

    private Value timeEmbedding(Scope net, Value timestep) {
        Value t = net.timestepEmbedding("time_proj", timestep, config.blockOutChannels()[0], config.flipSinToCos(),
                config.freqShift());
        Scope s = net.at("time_embedding");
        t = s.linear("linear_1", t, config.timeEmbeddingDim());
        t = s.activation("act", t, config.activation());
        return s.linear("linear_2", t, config.timeEmbeddingDim());
    }

    private Value downBlock(Scope s, int level, Value h, Value emb, Value context, List<Value> skips) {
        int channels = config.blockOutChannels()[level];
        for (int i = 0; i < config.layersPerBlock()[level]; i++) {
            h = resnet(s.at("resnets", i), h, emb, channels);
            if (config.crossAttention()[level]) {
                h = transformer(s.at("attentions", i), level, h, context);
            }
            skips.add(h);
        }
        if (level < config.blockOutChannels().length - 1) {
            Padding p = config.downsamplePadding() == 1 ? Padding.all(1) : new Padding(0, 0, 1, 1);
            h = s.at("downsamplers.0").conv2d("conv", h, channels, 3, 2, p, true);
            skips.add(h);
        }
        return h;
    }

    private Value midBlock(Scope s, Value h, Value emb, Value context) {
        int level = config.blockOutChannels().length - 1;
        h = resnet(s.at("resnets", 0), h, emb, h.channels());
        h = transformer(s.at("attentions", 0), level, h, context);
        return resnet(s.at("resnets", 1), h, emb, h.channels());
    }

    private Value upBlock(Scope s, int index, Value h, Value emb, Value context, List<Value> skips) {
        int level = config.blockOutChannels().length - 1 - index;
        for (int i = 0; i <= config.layersPerBlock()[level]; i++) {
            h = s.at("resnets", i).concat("skip", h, skips.removeLast());
            h = resnet(s.at("resnets", i), h, emb, config.blockOutChannels()[level]);
            if (config.upCrossAttention()[index]) {
                h = transformer(s.at("attentions", i), level, h, context);
            }
        }
        if (level > 0) {
            Value next = skips.getLast(); // restores an odd size to that of the skip connection
            Scope u = s.at("upsamplers.0");
            h = u.upsample("interpolate", h, next.dim(1), next.dim(2));
            h = u.conv2d("conv", h, h.channels(), 3);
        }
        return h;
    }

    /**
     * ResnetBlock2D: two convolutions with the timestep embedding added, or applied as scale and shift, in between; and
     * a shortcut.
     */
    private Value resnet(Scope s, Value x, Value emb, int channels) {
        Value h = s.groupNorm("norm1", x, config.groups(), config.normEps());
        h = s.activation("nonlinearity", h, config.activation());
        h = s.conv2d("conv1", h, channels, 3);

        Value t = s.activation("nonlinearity", emb, config.activation());
        if (config.scaleShift()) {
            t = s.linear("time_emb_proj", t, 2 * channels);
            h = s.groupNorm("norm2", h, config.groups(), config.normEps());
            h = s.scaleShift("scale_shift", h, s.slice("scale", t, 0, channels),
                    s.slice("shift", t, channels, 2 * channels));
        } else {
            h = s.add("add_time", h, s.linear("time_emb_proj", t, channels));
            h = s.groupNorm("norm2", h, config.groups(), config.normEps());
        }
        h = s.activation("nonlinearity", h, config.activation());
        h = s.identity("dropout", h);
        h = s.conv2d("conv2", h, channels, 3);
        Value shortcut = x.channels() == channels ? x : s.conv2d("conv_shortcut", x, channels, 1);
        return s.add("add_shortcut", shortcut, h);
    }

    /** Transformer2DModel over the pixels of one resolution. */
    private Value transformer(Scope s, int level, Value x, Value context) {
        int channels = x.channels();
        Value h = s.groupNorm("norm", x, config.groups(), 1e-6);
        if (config.linearProjection()) {
            h = s.linear("proj_in", s.tokens("to_tokens", h), channels);
        } else {
            h = s.tokens("to_tokens", s.conv2d("proj_in", h, channels, 1));
        }
        for (int i = 0; i < config.transformerLayers()[level]; i++) {
            h = transformerBlock(s.at("transformer_blocks", i), h, context, config.heads()[level]);
        }
        if (config.linearProjection()) {
            h = s.reshape("to_picture", s.linear("proj_out", h, channels), x.shape());
        } else {
            h = s.conv2d("proj_out", s.reshape("to_picture", h, x.shape()), channels, 1);
        }
        return s.add("add_residual", h, x);
    }

    /** BasicTransformerBlock: self-attention, cross-attention to the text, feed-forward with a GEGLU gate. */
    private static Value transformerBlock(Scope s, Value h, Value context, int heads) {
        Value n = s.layerNorm("norm1", h, 1e-5);
        h = s.add("add_attn1", attention(s.at("attn1"), n, n, heads), h);
        n = s.layerNorm("norm2", h, 1e-5);
        h = s.add("add_attn2", attention(s.at("attn2"), n, context, heads), h);
        n = s.layerNorm("norm3", h, 1e-5);
        Scope ff = s.at("ff.net");
        n = ff.linear("0.proj", n, 8 * h.channels());
        n = ff.identity("1", ff.geglu("0", n));
        return s.add("add_ff", ff.linear("2", n, h.channels()), h);
    }

    private static Value attention(Scope s, Value x, Value context, int heads) {
        Value q = s.linear("to_q", x, x.channels(), false);
        Value k = s.linear("to_k", context, x.channels(), false);
        Value v = s.linear("to_v", context, x.channels(), false);
        Value h = s.attention("attention", q, k, v, heads);
        return s.identity("to_out.1", s.linear("to_out.0", h, x.channels()));
    }
}
