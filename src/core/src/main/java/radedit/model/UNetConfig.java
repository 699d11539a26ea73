package radedit.model;

import java.nio.file.Path;
import java.util.Arrays;

import radedit.graph.Activation;

/**
 * The sizes of a UNet2DConditionModel, from its config.json, limited to what Stable Diffusion 1.x and 2.x use. Arrays
 * have one entry per resolution, the finest first.
 *
 * @param sampleSize
 *            height and width of the latent the model was trained at
 * @param inChannels
 *            channels of the input latent
 * @param outChannels
 *            channels of the prediction
 * @param blockOutChannels
 *            channels at each resolution
 * @param layersPerBlock
 *            residual blocks in a down block; an up block has one more
 * @param heads
 *            attention heads; the file calls them attention_head_dim
 * @param crossAttentionDim
 *            channels of the text embedding, equal for all resolutions
 * @param transformerLayers
 *            transformer blocks in each transformer
 * @param crossAttention
 *            whether a down block has transformers
 * @param upCrossAttention
 *            whether an up block has transformers, the coarsest first
 * @param linearProjection
 *            whether a transformer's projections are linear layers rather than 1 x 1 convolutions
 * @param scaleShift
 *            whether the timestep embedding scales and shifts rather than being added
 * @param groups
 *            groups of the group norms; divides all channels
 * @param normEps
 *            epsilon of the group norms, except those of transformers
 * @param timeEmbeddingDim
 *            channels of the timestep embedding
 * @param flipSinToCos
 *            whether the timestep embedding has cosines first
 * @param freqShift
 *            shift of the timestep embedding's frequencies
 * @param downsamplePadding
 *            1 for symmetric padding before downsampling, 0 for padding at the right and bottom only
 * @param convInKernel
 *            kernel size of the first convolution, odd
 * @param convOutKernel
 *            kernel size of the last convolution, odd
 * @param activation
 *            activation function of the residual blocks, of the timestep embedding and before the last convolution
 */
public record UNetConfig(int sampleSize, int inChannels, int outChannels, int[] blockOutChannels, int[] layersPerBlock,
        int[] heads, int[] crossAttentionDim, int[] transformerLayers, boolean[] crossAttention,
        boolean[] upCrossAttention, boolean linearProjection, boolean scaleShift, int groups, double normEps,
        int timeEmbeddingDim, boolean flipSinToCos, double freqShift, int downsamplePadding, int convInKernel,
        int convOutKernel, Activation activation) {

    /**
     * {@return the configuration in a folder}
     *
     * @param folder
     *            the UNet's folder
     * @throws radedit.weights.WeightsException
     *             if config.json is missing, damaged, or has an unsupported setting
     */
    public static UNetConfig read(Path folder) {
        ConfigReader c = ConfigReader.open(folder, "config.json");
        c.expectClass("_class_name", "UNet2DConditionModel");
        int[] channels = c.sizeList("block_out_channels", 320, 640, 1280, 1280);
        int n = channels.length;
        String[] down = defaultBlocks(n, "CrossAttnDownBlock2D", "DownBlock2D", n - 1);
        String[] up = defaultBlocks(n, "CrossAttnUpBlock2D", "UpBlock2D", 0);
        down = c.words("down_block_types", down, "CrossAttnDownBlock2D", "DownBlock2D");
        up = c.words("up_block_types", up, "CrossAttnUpBlock2D", "UpBlock2D");
        c.requireValue("mid_block_type", "\"UNetMidBlock2DCrossAttn\"");
        int groups = c.size("norm_num_groups", 32);
        for (int ch : channels) {
            if (ch % groups != 0) {
                throw c.invalid("norm_num_groups", "does not divide block_out_channels");
            }
        }
        int[] heads = c.sizes("attention_head_dim", n, 8);
        for (int i = 0; i < n; i++) {
            if (channels[i] % heads[i] != 0) {
                throw c.invalid("attention_head_dim", "does not divide block_out_channels");
            }
        }
        int downsamplePadding = (int) c.number("downsample_padding", 1, 0, 1);
        if (downsamplePadding != 0 && downsamplePadding != 1) {
            throw c.invalid("downsample_padding", "supported: 0, 1");
        }
        UNetConfig config = new UNetConfig(c.size("sample_size", 64), c.size("in_channels", 4),
                c.size("out_channels", 4),
                channels, c.layers("layers_per_block", n, 2), heads, c.sizes("cross_attention_dim", n, 1280),
                c.layers("transformer_layers_per_block", n, 1), matches(down, "CrossAttnDownBlock2D"),
                matches(up, "CrossAttnUpBlock2D"), c.flag("use_linear_projection", false),
                c.word("resnet_time_scale_shift", "default", "default", "scale_shift").equals("scale_shift"), groups,
                c.number("norm_eps", 1e-5, 0, 1), c.size("time_embedding_dim", 4 * channels[0]),
                c.flag("flip_sin_to_cos", true), c.number("freq_shift", 0, 0, 1), downsamplePadding,
                c.size("conv_in_kernel", 3), c.size("conv_out_kernel", 3), activation(c));
        if (config.convInKernel % 2 == 0 || config.convOutKernel % 2 == 0) {
            throw c.invalid(config.convInKernel % 2 == 0 ? "conv_in_kernel" : "conv_out_kernel", "must be odd");
        }
        if (Arrays.stream(config.crossAttentionDim).distinct().count() > 1) {
            throw c.invalid("cross_attention_dim", "only one size for all blocks is supported");
        }
        c.requireValue("num_attention_heads", "null");
        c.requireValue("center_input_sample", "false");
        c.requireValue("only_cross_attention", "false");
        c.requireValue("mid_block_only_cross_attention", "false");
        c.requireValue("mid_block_scale_factor", "1");
        c.requireValue("resnet_out_scale_factor", "1.0");
        c.requireValue("resnet_skip_time_act", "false");
        c.requireValue("reverse_transformer_layers_per_block", "null");
        c.requireValue("dual_cross_attention", "false");
        c.requireValue("encoder_hid_dim", "null");
        c.requireValue("encoder_hid_dim_type", "null");
        c.requireValue("class_embed_type", "null");
        c.requireValue("addition_embed_type", "null");
        c.requireValue("num_class_embeds", "null");
        c.requireValue("time_embedding_type", "\"positional\"");
        c.requireValue("time_embedding_act_fn", "null");
        c.requireValue("timestep_post_act", "null");
        c.requireValue("time_cond_proj_dim", "null");
        c.requireValue("attention_type", "\"default\"");
        c.requireValue("class_embeddings_concat", "false");
        c.requireValue("cross_attention_norm", "null");
        c.ignore("dropout", "upcast_attention", "addition_time_embed_dim", "addition_embed_type_num_heads",
                "projection_class_embeddings_input_dim");
        c.finish();
        return config;
    }

    static Activation activation(ConfigReader c) {
        return switch (c.word("act_fn", "silu", "silu", "swish", "gelu", "relu")) {
            case "gelu" -> Activation.GELU;
            case "relu" -> Activation.RELU;
            default -> Activation.SILU;
        };
    }

    private static String[] defaultBlocks(int n, String usual, String odd, int at) {
        String[] all = new String[n];
        Arrays.fill(all, usual);
        all[at] = odd;
        return all;
    }

    private static boolean[] matches(String[] types, String wanted) {
        boolean[] m = new boolean[types.length];
        for (int i = 0; i < m.length; i++) {
            m[i] = types[i].equals(wanted);
        }
        return m;
    }
}
