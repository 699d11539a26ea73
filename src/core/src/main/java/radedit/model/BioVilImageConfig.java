package radedit.model;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sizes of a BioViL-T image encoder. The published one comes without a config.json; its sizes are the defaults, so
 * a folder without that file is the published model.
 *
 * @param layers
 *            bottleneck blocks in each of the four stages of the residual network
 * @param baseWidth
 *            channels of its stem; stage k has baseWidth 2^k inside and four times as many outside its blocks
 * @param imageSize
 *            side of the picture in pixels, a multiple of 32
 * @param resize
 *            short side of the film before the centre is cut out
 * @param features
 *            channels of the static and of the temporal half of a patch
 * @param heads
 *            attention heads of the temporal transformer
 * @param blocks
 *            blocks of the temporal transformer
 * @param jointFeatures
 *            channels of the space shared with texts
 */
public record BioVilImageConfig(int[] layers, int baseWidth, int imageSize, int resize, int features, int heads,
        int blocks, int jointFeatures) {

    /** Pixels per patch, in each direction. */
    static final int STRIDE = 32;

    /**
     * {@return the configuration in a folder, or that of the published model if there is no config.json}
     *
     * @param folder
     *            the image encoder's folder
     * @throws radedit.weights.WeightsException
     *             if config.json is damaged or has an unsupported setting
     */
    public static BioVilImageConfig read(Path folder) {
        if (!Files.exists(folder.resolve("config.json"))) {
            return new BioVilImageConfig(new int[]{3, 4, 6, 3}, 64, 448, 512, 256, 8, 3, 128);
        }
        ConfigReader c = ConfigReader.open(folder, "config.json");
        c.expectClass("architectures", "MultiImageModel");
        c.requireValue("model_type", "\"biovil-t-image\"");
        BioVilImageConfig config = new BioVilImageConfig(c.layers("layers", 4, 1), c.size("base_width", 64),
                c.size("image_size", 448), c.size("resize", 512), c.size("features", 256), c.size("heads", 8),
                c.layers("blocks", 3), c.size("joint_feature_size", 128));
        if (config.imageSize % STRIDE != 0 || config.imageSize > 4096) {
            throw c.invalid("image_size", "a multiple of " + STRIDE + " up to 4096 is expected");
        }
        if (config.resize < config.imageSize || config.resize > 8192) {
            throw c.invalid("resize", "image_size or more is expected, up to 8192");
        }
        if (config.features % (4 * config.heads) != 0) {
            throw c.invalid("features", "a multiple of 4 heads is expected");
        }
        c.ignore("dtype", "torch_dtype", "transformers_version");
        c.finish();
        return config;
    }

    /** {@return the number of patches along a side of the picture} */
    public int grid() {
        return imageSize / STRIDE;
    }
}
