package radedit.message;

import java.util.Locale;

/** What a caller can set, as messages name it. A program that has other names for settings puts them in their place. */
public enum Setting {
    BACKEND, BATCH, COUNT, DTYPE, ENDPOINT, ETA, FAST_MATH, FEATHER, FILM, FIT, FRAME, GUIDANCE, IMAGE_ENCODER,
    KEEP_RULE,
    KEY, LOADER, MASK_RULE, MIN_SCORE("minimum score"), MODEL, NATIVE("native size"), NOISE, ONLY, OUTPUT, RENAME,
    SCHEDULER, SIZE,
    SKIP_RATIO, STEPS, TEXT_ENCODER, THREADS, TOKENIZER, TRIES, UNET("UNet"), VAE("VAE"), VAE_TILE("VAE tile"), WEIGHT,
    WINDOW;

    private final String words;

    Setting() {
        this.words = name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    Setting(String words) {
        this.words = words;
    }

    /** The name in words, such as {@code skip ratio}. */
    @Override
    public String toString() {
        return words;
    }
}
