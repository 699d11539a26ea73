package radedit.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Maps options of other diffusion programs (diffusers, stable-diffusion.cpp, A1111) to those of this one. */
final class ForeignNames {
    private static final Map<String, String> HERE = new HashMap<>();

    static {
        add("use --guidance (--weight in edit)", "--cfg-scale", "--guidance-scale", "--scale", "--cfg");
        add("use --steps", "--num-inference-steps", "--sampling-steps", "--ddim-steps");
        add("use --negative-prompt", "-n", "--negative", "--neg-prompt");
        add("use --count", "--num-images-per-prompt", "--num-images", "-b", "--batch-count",
                "--n-samples");
        add("use --batch", "--batch-size");
        add("use --size; pictures are square", "--width", "--height", "-W", "-H", "--resolution");
        add("use --seed", "-s", "--manual-seed", "--generator");
        add("use --model", "-m", "--model-path", "--pretrained-model-name-or-path", "--ckpt");
        add("use --unet", "--diffusion-model", "--unet-path");
        add("use --vae", "--vae-path");
        add("use --vae-tile", "--vae-tiling", "--enable-vae-tiling");
        add("use --threads", "-t", "--num-threads", "-j");
        add("use --backend", "--device", "--gpu", "--cuda", "--cpu");
        add("use --image, in edit", "-i", "--init-img", "--init-image", "--input", "--film");
        add("use --edit-mask, in edit", "--mask", "--mask-image", "--inpaint-mask");
        add("use --skip-ratio, in edit: 1 - strength", "--strength", "--denoising-strength");
        add("prompts are given without an option: radedit generate \"TEXT\"", "-p", "--prompt");
        add("weights are read as they are stored; 'radedit weights convert --dtype' converts them", "--type", "--dtype",
                "--torch-dtype", "--precision", "--fp16", "--half");
        add("use --sampler, in generate", "--sampling-method", "--scheduler-type", "--sample-method");
        add("use --sigmas, in generate", "--schedule", "--schedule-type", "--karras", "--use-karras-sigmas");
        add("use --spacing, in generate", "--timestep-spacing");
        add("that is an option of generate; edits are inverted with DDIM, and no other sampler", "--sampler",
                "--sigmas",
                "--spacing");
        add("use --min", "--threshold");
        add("use --output, or -o", "--out", "--outdir", "--output-path", "--output-dir");
        add("use --text", "--caption");
    }

    private ForeignNames() {
    }

    private static void add(String hint, String... names) {
        for (String n : names) {
            HERE.put(n, hint);
        }
    }

    /** The equivalent of an unknown option. */
    static Optional<String> hint(String option) {
        int value = option.indexOf('=');
        String name = value < 0 ? option : option.substring(0, value);
        return Optional.ofNullable(HERE.getOrDefault(name, HERE.get(name.replace('_', '-'))));
    }
}
