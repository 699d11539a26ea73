/** Generates and edits chest X-rays by diffusion, and scores them. Research use only, never clinical. */
module radedit.core {
    requires commons.math3;

    requires transitive radedit.imaging;
    requires transitive radedit.runtime;

    exports radedit.about;
    exports radedit.audit;
    exports radedit.benchmark;
    exports radedit.certificate;
    exports radedit.checkpoint;
    exports radedit.diffusion;
    exports radedit.model;
    exports radedit.picture;
    exports radedit.pipeline;
    exports radedit.signature;
    exports radedit.synthetic;
    exports radedit.text;
    exports radedit.trace;

    uses radedit.checkpoint.EmbeddedModel;
    provides radedit.imaging.mask.MaskFileReader with radedit.pipeline.SafetensorsMask;
}
