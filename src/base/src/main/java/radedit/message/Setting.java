package radedit.message;

import java.util.Locale;

/**
 * A setting that messages can name. {@link #toString} is its name in words; a program replaces it by its own, such as
 * that of a command-line option.
 */
public enum Setting {
    /** Name of the backend that runs the networks. */
    BACKEND,
    /** Latents, texts or films per run of a network. */
    BATCH,
    /** Number of pictures to generate for each prompt. */
    COUNT,
    /** Steps that share the deep features of the UNet. */
    DEEP_CACHE,
    /** Number type of converted weights. */
    DTYPE,
    /** To what the operands of GEMMs are rounded. */
    EMULATE_PRECISION,
    /** Address of the hub. */
    ENDPOINT,
    /** η of DDIM sampling (Song et al. 2021): the share of DDPM's noise, above 0 and at most 1. */
    ETA,
    /** Whether a GPU may use faster, less accurate arithmetic. */
    FAST_MATH,
    /** Width in pixels over which an edit fades out around its mask. */
    FEATHER,
    /** Film whose size a mask takes. */
    FILM,
    /** How a film is fitted to the square of the model. */
    FIT,
    /** Frame, slice or page of a film, from 1. */
    FRAME,
    /** Guidance scale of classifier-free guidance. */
    GUIDANCE,
    /** Noise levels at which sampling is guided. */
    GUIDANCE_INTERVAL,
    /** File or folder of the image encoder. */
    IMAGE_ENCODER,
    /** How a keep mask is reduced to latent cells. */
    KEEP_RULE,
    /** Key of a state dict within a checkpoint. */
    KEY,
    /** Rule from stored values to the 8-bit picture that a model sees. */
    LOADER,
    /** How an edit mask is reduced to latent cells. */
    MASK_RULE,
    /** Lowest accepted score of a result. */
    MIN_SCORE("minimum score"),
    /** Folder or name of the model. */
    MODEL,
    /** Whether the result has the size and depth of the film. */
    NATIVE("native size"),
    /** Noise that is given instead of drawn. */
    NOISE,
    /** Whether what no step changes is computed at every step. */
    NO_REUSE("no reuse"),
    /** Number of the only picture of a batch to make, from 1. */
    ONLY,
    /** Output file. */
    OUTPUT,
    /** How names of tensors are translated. */
    RENAME,
    /** Method of sampling. */
    SAMPLER,
    /** File or folder of the noise schedule. */
    SCHEDULER,
    /** How the noise levels of a sampler are chosen. */
    SIGMAS,
    /** Width and height in pixels. */
    SIZE,
    /** Share of the noisiest timesteps that an edit leaves out, 0 to 1. */
    SKIP_RATIO,
    /** How the timesteps of a sampler are chosen. */
    SPACING,
    /** Number of sampling steps. */
    STEPS,
    /** File or folder of the text encoder. */
    TEXT_ENCODER,
    /** Number of threads. */
    THREADS,
    /** File or folder of the tokenizer. */
    TOKENIZER,
    /** Number of seeds to try; the best result is kept. */
    TRIES,
    /** Share of the steps after which sampling is no longer guided. */
    UNGUIDED_AFTER,
    /** File or folder of the UNet. */
    UNET("UNet"),
    /** File or folder of the VAE. */
    VAE("VAE"),
    /** Rows of the picture that the VAE processes at a time. */
    VAE_TILE("VAE tile"),
    /** Guidance weight of one prompt of an edit. */
    WEIGHT,
    /** Window through which a film is seen. */
    WINDOW;

    private final String words;

    Setting() {
        this.words = name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    Setting(String words) {
        this.words = words;
    }

    /** {@return the name in words, such as {@code skip ratio}} */
    @Override
    public String toString() {
        return words;
    }
}
