package radedit.stress.exchange;

/** What a run can be exported as. */
public enum ExportFormat {
    /** Pictures and {@code metadata.jsonl}, as ImageFolder of Hugging Face's datasets loads them. */
    IMAGEFOLDER,
    /** Counterfactuals and samples of MedGround-Bench. */
    MEDGROUND,
    /** Folders and tables of RadCF. */
    RADCF,
    /** Pictures and {@code prompt_INFO.csv} of CheXGenBench. */
    CHEXGENBENCH,
    /** Pictures alone, with the names that files of scores use. */
    IMAGES
}
