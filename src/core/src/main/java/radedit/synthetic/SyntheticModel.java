package radedit.synthetic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.files.OutputFile;
import radedit.model.BioVilImage;
import radedit.model.BioVilImageConfig;
import radedit.model.CxrBert;
import radedit.model.CxrBertConfig;
import radedit.model.UNet;
import radedit.model.UNetConfig;
import radedit.model.Vae;
import radedit.model.VaeConfig;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;

/**
 * Writes a model folder in the published layout with synthetic weights, for tests, benchmarks and audits of any size
 * without a checkpoint. The networks have the published architecture; their results are meaningless.
 */
public final class SyntheticModel {
    /** The size of the networks. */
    public enum Size {
        /** A few MB. */
        TINY,
        /** Tiny, with settings that the published configurations do not use. */
        VARIANT,
        /** As published: 860 M parameters in the UNet, 4 GB in all as float32. */
        FULL
    }

    /** Receives the progress of writing. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after each tensor.
         *
         * @param done
         *            bytes written
         * @param total
         *            bytes in all
         */
        void bytes(long done, long total);
    }

    private static final String COUNTER = "num_batches_tracked";
    private static final ObjectMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Size size;
    private final long seed;
    private final DType dtype;
    private final Progress progress;
    private long done;
    private long total;

    private SyntheticModel(Size size, long seed, DType dtype, Progress progress) {
        this.size = size;
        this.seed = seed;
        this.dtype = dtype;
        this.progress = progress;
    }

    /**
     * Writes a model folder.
     *
     * @param folder
     *            the folder; created if necessary
     * @param size
     *            size of the networks
     * @param seed
     *            seed of the weights ({@link SyntheticValues})
     * @param dtype
     *            F32, F16 or BF16; the image encoder's weights are always F32, as published
     * @param progress
     *            called after each tensor
     * @throws IOException
     *             if a file cannot be written
     */
    public static void write(Path folder, Size size, long seed, DType dtype, Progress progress) throws IOException {
        new SyntheticModel(size, seed, dtype, progress).write(folder);
    }

    private void write(Path root) throws IOException {
        configs(root);
        UNetConfig unet = UNetConfig.read(root.resolve("unet"));
        VaeConfig vae = VaeConfig.read(root.resolve("vae"));
        Map<Path, Map<String, Shape>> files = new LinkedHashMap<>();
        files.put(root.resolve("unet/diffusion_pytorch_model.safetensors"), UNet.weights(unet));
        files.put(root.resolve("vae/diffusion_pytorch_model.safetensors"), Vae.weights(vae));
        files.put(root.resolve("text_encoder/model.safetensors"),
                CxrBert.weights(CxrBertConfig.read(root.resolve("text_encoder"))));
        files.values().forEach(f -> f.values().forEach(s -> total += s.elements() * dtype.bytes()));
        Map<String, Shape> imageEncoder = imageEncoder(root.resolve("image_encoder"));
        imageEncoder.values().forEach(s -> total += s.elements() * 4);
        for (Map.Entry<Path, Map<String, Shape>> f : files.entrySet()) {
            weights(f.getKey(), f.getValue(), dtype);
        }
        weights(root.resolve("image_encoder/model.safetensors"), imageEncoder, DType.F32);
    }

    /** {@return the tensors of the image encoder, including those of the classifier that the published one also has} */
    private static Map<String, Shape> imageEncoder(Path folder) {
        Map<String, Shape> all = new LinkedHashMap<>(BioVilImage.weights(BioVilImageConfig.read(folder)));
        all.put("encoder.encoder.fc.weight", Shape.of(1000, 2048));
        all.put("encoder.encoder.fc.bias", Shape.of(1000));
        for (String name : List.copyOf(all.keySet())) {
            if (name.endsWith(".running_var")) {
                all.put(name.replace("running_var", COUNTER), Shape.of());
            }
        }
        return all;
    }

    private void weights(Path file, Map<String, Shape> tensors, DType dtype) throws IOException {
        Files.createDirectories(file.getParent());
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        tensors.forEach((name, shape) -> writer.add(name, name.endsWith(COUNTER) ? DType.I64 : dtype, shape, sink -> {
            if (name.endsWith(COUNTER)) {
                sink.put(0);
                return;
            }
            SyntheticValues values = new SyntheticValues(name, shape, seed);
            long n = shape.elements();
            for (long i = 0; i < n; i++) {
                sink.put(values.get(i));
            }
            done += n * dtype.bytes();
            progress.bytes(done, total);
        }));
        OutputFile.write(file, writer::writeTo);
    }

    private void configs(Path root) throws IOException {
        json(root.resolve("unet/config.json"), unetConfig());
        json(root.resolve("vae/config.json"), vaeConfig());
        json(root.resolve("text_encoder/config.json"), textConfig());
        json(root.resolve("scheduler/scheduler_config.json"),
                map("_class_name", "DDIMScheduler", "beta_start", 0.0001, "beta_end", 0.02, "beta_schedule", "linear",
                        "num_train_timesteps", 1000, "clip_sample", false, "prediction_type", "epsilon",
                        "set_alpha_to_one", true, "steps_offset", 1, "timestep_spacing", "trailing"));
        json(root.resolve("tokenizer/tokenizer_config.json"),
                map("do_lower_case", true, "model_max_length", 128, "tokenizer_class", "BertTokenizer"));
        try (InputStream in = SyntheticModel.class.getResourceAsStream("vocab.txt")) {
            Files.write(root.resolve("tokenizer/vocab.txt"), in.readAllBytes());
        }
        json(root.resolve("model_index.json"),
                map("_class_name", "StableDiffusionPipeline", "unet", List.of("diffusers", "UNet2DConditionModel"),
                        "vae",
                        List.of("diffusers", "AutoencoderKL"), "text_encoder", List.of("transformers", "CXRBertModel"),
                        "tokenizer", List.of("transformers", "BertTokenizer"), "scheduler",
                        List.of("diffusers", "DDIMScheduler")));
    }

    private Map<String, Object> unetConfig() {
        Map<String, Object> c = map("_class_name", "UNet2DConditionModel", "in_channels", 4, "out_channels", 4);
        c.putAll(switch (size) {
            case TINY -> map("sample_size", 16, "block_out_channels", List.of(32, 64, 96, 96), "attention_head_dim", 8,
                    "cross_attention_dim", 48);
            case VARIANT -> map("sample_size", 16, "block_out_channels", List.of(32, 64, 128, 128), "layers_per_block",
                    1,
                    "attention_head_dim", List.of(2, 4, 8, 8), "cross_attention_dim", 48, "use_linear_projection", true,
                    "transformer_layers_per_block", 2, "norm_num_groups", 16, "resnet_time_scale_shift", "scale_shift");
            case FULL -> map("sample_size", 64, "block_out_channels", List.of(320, 640, 1280, 1280),
                    "attention_head_dim", 8, "cross_attention_dim", 768);
        });
        return c;
    }

    private Map<String, Object> vaeConfig() {
        Map<String, Object> c = map("_class_name", "AutoencoderKL", "in_channels", 3, "out_channels", 3,
                "latent_channels", 4, "scaling_factor", 0.13025, "force_upcast", true, "down_block_types",
                List.of("DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"),
                "up_block_types",
                List.of("UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"));
        c.putAll(switch (size) {
            case TINY -> map("block_out_channels", List.of(32, 32, 64, 64), "layers_per_block", 1, "sample_size", 128);
            case VARIANT -> map("block_out_channels", List.of(32, 64, 64, 96), "layers_per_block", 2, "norm_num_groups",
                    16, "sample_size", 128);
            case FULL -> map("block_out_channels", List.of(128, 256, 512, 512), "layers_per_block", 2, "sample_size",
                    1024);
        });
        return c;
    }

    private Map<String, Object> textConfig() {
        Map<String, Object> c = map("architectures", List.of("CXRBertModel"), "model_type", "cxr-bert", "hidden_act",
                "gelu", "max_position_embeddings", 512, "type_vocab_size", 2, "layer_norm_eps", 1e-12);
        c.putAll(switch (size) {
            case TINY -> map("vocab_size", 683, "hidden_size", 48, "num_hidden_layers", 2, "num_attention_heads", 4,
                    "intermediate_size", 96, "projection_size", 16);
            case VARIANT -> map("vocab_size", 683, "hidden_size", 48, "num_hidden_layers", 3, "num_attention_heads", 6,
                    "intermediate_size", 192, "projection_size", 24);
            case FULL ->
                    map("vocab_size", 30522, "hidden_size", 768, "num_hidden_layers", 12, "num_attention_heads", 12,
                            "intermediate_size", 3072, "projection_size", 128);
        });
        return c;
    }

    private static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> m = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            m.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return m;
    }

    private static void json(Path file, Map<String, Object> content) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, JSON.writeValueAsString(content) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
