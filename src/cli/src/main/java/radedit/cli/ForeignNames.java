package radedit.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Maps options of other diffusion programs (diffusers, stable-diffusion.cpp, A1111) to those of this one. */
final class ForeignNames {
    private static final Map<String, String> HERE = new HashMap<>();

    static {
        add("it is called --guidance here (--weight in edit)", "--cfg-scale", "--guidance-scale", "--scale", "--cfg");
        add("it is called --steps here", "--num-inference-steps", "--sampling-steps", "--ddim-steps");
        add("it is called --negative-prompt here", "-n", "--negative", "--neg-prompt");
        add("it is called --count here", "--num-images-per-prompt", "--num-images", "-b", "--batch-count",
                "--n-samples");
        add("it is called --batch here", "--batch-size");
        add("it is called --size here; pictures are square", "--width", "--height", "-W", "-H", "--resolution");
        add("it is called --seed here", "-s", "--manual-seed", "--generator");
        add("it is called --model here", "-m", "--model-path", "--pretrained-model-name-or-path", "--ckpt");
        add("it is called --unet here", "--diffusion-model", "--unet-path");
        add("it is called --vae here", "--vae-path");
        add("it is called --vae-tile here", "--vae-tiling", "--enable-vae-tiling");
        add("it is called --threads here", "-t", "--num-threads", "-j");
        add("it is called --backend here", "--device", "--gpu", "--cuda", "--cpu");
        add("it is called --image here, in edit", "-i", "--init-img", "--init-image", "--input", "--film");
        add("it is called --edit-mask here, in edit", "--mask", "--mask-image", "--inpaint-mask");
        add("it is called --skip-ratio here, in edit: 1 - strength", "--strength", "--denoising-strength");
        add("prompts are given without an option here: radedit generate \"TEXT\"", "-p", "--prompt");
        add("weights are read as they are stored; 'radedit weights convert --dtype' makes others", "--type", "--dtype",
                "--torch-dtype", "--precision", "--fp16", "--half");
        add("DDIM is the only sampler", "--sampling-method", "--sampler", "--scheduler-type", "--sample-method");
        add("it is called --min here", "--threshold");
        add("it is called --output here, or -o", "--out", "--outdir", "--output-path", "--output-dir");
        add("it is called --text here", "--caption");
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
