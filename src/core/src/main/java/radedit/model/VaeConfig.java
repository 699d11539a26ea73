package radedit.model;

import java.nio.file.Path;

import radedit.graph.Activation;

/**
 * The sizes of an AutoencoderKL, from its config.json.
 *
 * @param inChannels
 *            channels of the picture that is encoded
 * @param outChannels
 *            channels of the decoded picture
 * @param latentChannels
 *            channels of the latent
 * @param blockOutChannels
 *            channels at each resolution, the finest first
 * @param layersPerBlock
 *            residual blocks in an encoder block; a decoder block has one more
 * @param groups
 *            groups of the group norms; divides all channels
 * @param activation
 *            activation function of the residual blocks and before the last convolution
 * @param midAttention
 *            whether the middle blocks have attention
 * @param quantConv
 *            whether a 1 x 1 convolution follows the encoder
 * @param postQuantConv
 *            whether a 1 x 1 convolution precedes the decoder
 * @param scalingFactor
 *            factor by which latents are multiplied after encoding and divided before decoding
 * @param shiftFactor
 *            subtracted from latents before that multiplication
 */
public record VaeConfig(int inChannels, int outChannels, int latentChannels, int[] blockOutChannels, int layersPerBlock,
        int groups, Activation activation, boolean midAttention, boolean quantConv, boolean postQuantConv,
        double scalingFactor, double shiftFactor) {

    /** {@return pixels of the picture per latent pixel, in each direction} */
    public int scaleFactor() {
        return 1 << (blockOutChannels.length - 1);
    }

    /**
     * {@return the configuration in a folder}
     *
     * @param folder
     *            the VAE's folder
     * @throws radedit.weights.WeightsException
     *             if config.json is missing, damaged, or has an unsupported setting
     */
    public static VaeConfig read(Path folder) {
        ConfigReader c = ConfigReader.open(folder, "config.json");
        c.expectClass("_class_name", "AutoencoderKL");
        int[] channels = c.sizeList("block_out_channels", 64);
        String[] down = new String[channels.length];
        java.util.Arrays.fill(down, "DownEncoderBlock2D");
        String[] up = new String[channels.length];
        java.util.Arrays.fill(up, "UpDecoderBlock2D");
        c.words("down_block_types", down, "DownEncoderBlock2D");
        c.words("up_block_types", up, "UpDecoderBlock2D");
        int groups = c.size("norm_num_groups", 32);
        for (int ch : channels) {
            if (ch % groups != 0) {
                throw c.invalid("norm_num_groups", "does not divide block_out_channels");
            }
        }
        VaeConfig config = new VaeConfig(c.size("in_channels", 3), c.size("out_channels", 3),
                c.size("latent_channels", 4),
                channels, c.layers("layers_per_block", 1), groups, UNetConfig.activation(c),
                c.flag("mid_block_add_attention", true), c.flag("use_quant_conv", true),
                c.flag("use_post_quant_conv", true), c.number("scaling_factor", 0.18215, 1e-6, 1e6),
                c.number("shift_factor", 0, -1e6, 1e6));
        if (!(config.scalingFactor > 0) || Double.isInfinite(config.scalingFactor)) {
            throw c.invalid("scaling_factor", "a positive number is expected");
        }
        c.requireValue("latents_mean", "null");
        c.requireValue("latents_std", "null");
        c.ignore("sample_size", "force_upcast");
        c.finish();
        return config;
    }
}
