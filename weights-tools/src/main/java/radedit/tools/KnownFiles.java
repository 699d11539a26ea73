package radedit.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import radedit.digest.Digests;

/**
 * Recognises published files by their hash. The list is short because it only has hashes that are public: SHA-256 shown
 * by the Hugging Face hub, and MD5 in the source of hi-ml-multimodal (health_multimodal/image/model/pretrained.py).
 */
final class KnownFiles {
    private static final Map<String, String> SHA256 = Map.of(
            "1598f3d24932bcfe6634e8b618ea1e30ab1d57f5aad13a6d2de446d2199f2341",
            "stabilityai/sdxl-vae, diffusion_pytorch_model.safetensors",
            "63aeecb90ff7bc1c115395962d3e803571385b61938377bc7089b36e81e92e2e",
            "stabilityai/sdxl-vae, sdxl_vae.safetensors (names of another program)");
    private static final Map<String, String> MD5 = Map.of("a83080e2f23aa584a4f2b24c39b1bb64",
            "microsoft/BiomedVLP-BioViL-T, biovil_t_image_model_proj_size_128.pt", "02ce6ee460f72efd599295f440dbb453",
            "microsoft/BiomedVLP-CXR-BERT-specialized, biovil_image_resnet50_proj_size_128.pt");

    private KnownFiles() {
    }

    /**
     * The description of a published file; empty if unknown.
     *
     * @param sha256
     *            the file's hash
     */
    static Optional<String> find(Path file, String sha256) throws IOException {
        String name = SHA256.get(sha256);
        if (name == null && file.toString().endsWith(".pt")) {
            name = MD5.get(Digests.hex("MD5", file));
        }
        return Optional.ofNullable(name);
    }
}
