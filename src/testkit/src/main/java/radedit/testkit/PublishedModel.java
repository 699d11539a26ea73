package radedit.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Publishes a model on a {@link FakeHub} in the three repositories of the published one. */
public final class PublishedModel {
    private PublishedModel() {
    }

    /**
     * Publishes the parts of a model. Pickles have the bytes of safetensors under their names.
     *
     * @param hub
     *            the hub
     * @param model
     *            a model folder
     * @param safetensors
     *            whether text and image encoder are safetensors; otherwise they are pickles, as published
     * @throws IOException
     *            if a file cannot be read
     */
    public static void publish(FakeHub hub, Path model, boolean safetensors) throws IOException {
        byte[] readme = "about".getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> unet = new LinkedHashMap<>();
        unet.put("README.md", readme);
        unet.put("unet/config.json", Files.readAllBytes(model.resolve("unet/config.json")));
        unet.put("unet/diffusion_pytorch_model.safetensors",
                Files.readAllBytes(model.resolve("unet/diffusion_pytorch_model.safetensors")));
        hub.publish("microsoft/radedit", "main", unet);
        Map<String, byte[]> vae = new LinkedHashMap<>();
        vae.put("config.json", Files.readAllBytes(model.resolve("vae/config.json")));
        vae.put("diffusion_pytorch_model.bin", FakeHub.bytes(5000, 1));
        vae.put("diffusion_pytorch_model.safetensors",
                Files.readAllBytes(model.resolve("vae/diffusion_pytorch_model.safetensors")));
        vae.put("sdxl_vae.safetensors", FakeHub.bytes(5000, 2));
        hub.publish("stabilityai/sdxl-vae", "main", vae);
        hub.publish("microsoft/BiomedVLP-BioViL-T", "main", text(model, safetensors));
    }

    /**
     * {@return the files of the text encoder's repository}
     *
     * @param model
     *            a model folder
     * @param safetensors
     *            whether the weights are safetensors rather than a pickle
     * @throws IOException
     *            if a file cannot be read
     */
    public static Map<String, byte[]> text(Path model, boolean safetensors) throws IOException {
        Map<String, byte[]> text = new LinkedHashMap<>();
        text.put("config.json", Files.readAllBytes(model.resolve("text_encoder/config.json")));
        text.put("modeling_cxrbert.py", "evil()".getBytes(StandardCharsets.UTF_8));
        text.put(safetensors ? "model.safetensors" : "pytorch_model.bin",
                Files.readAllBytes(model.resolve("text_encoder/model.safetensors")));
        text.put("tokenizer_config.json", Files.readAllBytes(model.resolve("tokenizer/tokenizer_config.json")));
        text.put("vocab.txt", Files.readAllBytes(model.resolve("tokenizer/vocab.txt")));
        text.put(safetensors ? "image_model.safetensors" : "biovil_t_image_model_proj_size_128.pt",
                Files.readAllBytes(model.resolve("text_encoder/model.safetensors")));
        return text;
    }
}
