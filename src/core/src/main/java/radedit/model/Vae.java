package radedit.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import radedit.graph.Graph;
import radedit.graph.Padding;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.InertTensors;

/**
 * AutoencoderKL: encodes a picture to the distribution of its latent, and decodes a latent (Rombach et al.,
 * arXiv:2112.10752; diffusers, models/autoencoders). Shapes below are those of the published configuration.
 */
public final class Vae {
    /** Names of the tensors in blocks, and of the convolutions around the latent. */
    private static final Pattern ARCHITECTURE = Pattern
            .compile("(?:encoder|decoder)\\.(?:(?:down|up)_blocks\\.\\d+|mid_block)"
                    + "\\.(?:resnets|attentions|downsamplers|upsamplers)\\.\\d+\\..*|(?:post_)?quant_conv\\..*");

    private static final double EPS = 1e-6;

    private final VaeConfig config;

    private Vae(VaeConfig config) {
        this.config = config;
    }

    /**
     * {@return the graph from image [b, 3, height, width] in -1..1 to moments [b, 8, height / 8, width / 8]: the mean
     * followed by the logarithm of the variance, not clamped}
     *
     * @param config
     *            sizes of the network
     * @param batch
     *            number of pictures
     * @param height
     *            height of the picture in pixels
     * @param width
     *            width of the picture in pixels
     */
    public static Graph encoder(VaeConfig config, int batch, int height, int width) {
        Scope net = Scope.root();
        Value image = net.input("image", Shape.of(batch, height, width, config.inChannels()));
        Value h = new Vae(config).encode(net.at("encoder"), image);
        if (config.quantConv()) {
            h = net.conv2d("quant_conv", h, 2 * config.latentChannels(), 1);
        }
        return net.build(Map.of("moments", h));
    }

    /**
     * {@return the graph from latent [b, 4, h, w], divided by the scaling factor, to image [b, 3, 8 h, 8 w], about
     * -1..1, not clamped}
     *
     * @param config
     *            sizes of the network
     * @param batch
     *            number of latents
     * @param height
     *            height of the latent in latent pixels
     * @param width
     *            width of the latent in latent pixels
     */
    public static Graph decoder(VaeConfig config, int batch, int height, int width) {
        Scope net = Scope.root();
        Value h = net.input("latent", Shape.of(batch, height, width, config.latentChannels()));
        if (config.postQuantConv()) {
            h = net.conv2d("post_quant_conv", h, config.latentChannels(), 1);
        }
        return net.build(Map.of("image", new Vae(config).decode(net.at("decoder"), h)));
    }

    /**
     * {@return the shape of every tensor, by its name in the checkpoint}
     *
     * @param config
     *            sizes of the network
     */
    public static Map<String, Shape> weights(VaeConfig config) {
        int f = config.scaleFactor();
        Map<String, Shape> all = new LinkedHashMap<>(encoder(config, 1, f, f).weights());
        all.putAll(decoder(config, 1, 1, 1).weights());
        return all;
    }

    /**
     * {@return whether a tensor that the graphs do not use means another architecture: a further block, resnet or
     * attention; all other tensors in an autoencoder's file belong to its training, such as losses, discriminators and
     * averages}
     *
     * @param name
     *            name of the tensor
     */
    public static boolean indicatesOtherArchitecture(String name) {
        return ARCHITECTURE.matcher(name).matches() && !InertTensors.contains(name);
    }

    /**
     * {@return the mean [b, 4, h, w]}
     *
     * @param moments
     *            output [b, 8, h, w] of the encoder
     */
    public static Tensor mean(Tensor moments) {
        return half(moments, 0);
    }

    /**
     * {@return the logarithm of the variance [b, 4, h, w], clamped to -30..20 as in diffusers}
     *
     * @param moments
     *            output [b, 8, h, w] of the encoder
     */
    public static Tensor logvar(Tensor moments) {
        return half(moments, 1).map(v -> Math.clamp(v, -30, 20));
    }

    private static Tensor half(Tensor moments, int which) {
        int each = moments.shape().dim(1) / 2;
        Tensor out = Tensor.zeros(moments.shape().with(1, each));
        int plane = each * moments.shape().dim(2) * moments.shape().dim(3);
        for (int b = 0; b < moments.shape().dim(0); b++) {
            System.arraycopy(moments.data(), (2 * b + which) * plane, out.data(), b * plane, plane);
        }
        return out;
    }

    private Value encode(Scope s, Value x) {
        int[] channels = config.blockOutChannels();
        Value h = s.conv2d("conv_in", x, channels[0], 3);
        for (int level = 0; level < channels.length; level++) {
            Scope block = s.at("down_blocks", level);
            for (int i = 0; i < config.layersPerBlock(); i++) {
                h = resnet(block.at("resnets", i), h, channels[level]);
            }
            if (level < channels.length - 1) { // zeros at the right and bottom edge only
                h = block.at("downsamplers.0").conv2d("conv", h, channels[level], 3, 2, new Padding(0, 0, 1, 1), true);
            }
        }
        h = midBlock(s.at("mid_block"), h);
        return out(s, h, 2 * config.latentChannels());
    }

    private Value decode(Scope s, Value x) {
        int[] channels = config.blockOutChannels();
        Value h = s.conv2d("conv_in", x, channels[channels.length - 1], 3);
        h = midBlock(s.at("mid_block"), h);
        for (int index = 0; index < channels.length; index++) {
            int level = channels.length - 1 - index;
            Scope block = s.at("up_blocks", index);
            for (int i = 0; i <= config.layersPerBlock(); i++) {
                h = resnet(block.at("resnets", i), h, channels[level]);
            }
            if (level > 0) {
                Scope u = block.at("upsamplers.0");
                h = u.upsample("interpolate", h, 2 * h.dim(1), 2 * h.dim(2));
                h = u.conv2d("conv", h, channels[level], 3);
            }
        }
        return out(s, h, config.outChannels());
    }

    private Value out(Scope s, Value h, int channels) {
        h = s.groupNorm("conv_norm_out", h, config.groups(), EPS);
        h = s.activation("conv_act", h, config.activation());
        return s.conv2d("conv_out", h, channels, 3);
    }

    private Value midBlock(Scope s, Value h) {
        h = resnet(s.at("resnets", 0), h, h.channels());
        if (config.midAttention()) {
            h = attention(s.at("attentions", 0), h);
        }
        return resnet(s.at("resnets", 1), h, h.channels());
    }

    /** ResnetBlock2D without a timestep. */
    private Value resnet(Scope s, Value x, int channels) {
        Value h = s.groupNorm("norm1", x, config.groups(), EPS);
        h = s.activation("nonlinearity", h, config.activation());
        h = s.conv2d("conv1", h, channels, 3);
        h = s.groupNorm("norm2", h, config.groups(), EPS);
        h = s.activation("nonlinearity", h, config.activation());
        h = s.identity("dropout", h);
        h = s.conv2d("conv2", h, channels, 3);
        Value shortcut = x.channels() == channels ? x : s.conv2d("conv_shortcut", x, channels, 1);
        return s.add("add_shortcut", shortcut, h);
    }

    /** Self-attention over all pixels, with one head. */
    private Value attention(Scope s, Value x) {
        Value n = s.groupNorm("group_norm", s.tokens("to_tokens", x), config.groups(), EPS);
        Value q = s.linear("to_q", n, x.channels());
        Value k = s.linear("to_k", n, x.channels());
        Value v = s.linear("to_v", n, x.channels());
        Value h = s.attention("attention", q, k, v, 1);
        h = s.identity("to_out.1", s.linear("to_out.0", h, x.channels()));
        return s.add("add_residual", s.reshape("to_picture", h, x.shape()), x);
    }
}
