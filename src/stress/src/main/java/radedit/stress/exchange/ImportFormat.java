package radedit.stress.exchange;

/** What a manifest or a list of prompts can be made of. */
public enum ImportFormat {
    /** Interventions of RadCF: a manifest. */
    RADCF,
    /** A table of prompts of CheXGenBench: a list of prompts. */
    CHEXGENBENCH,
    /** A folder of pictures with metadata, as ImageFolder of Hugging Face's datasets loads it: a manifest. */
    IMAGEFOLDER,
    /** Samples of MedGround-Bench: a manifest. */
    MEDGROUND
}
