/** A small trained model, the drawn films it was trained on, and how it is judged. */
module radedit.demo {
    requires transitive radedit.core;

    exports radedit.tools.demo;

    provides radedit.checkpoint.EmbeddedModel with radedit.tools.demo.DemoWeights;
}
