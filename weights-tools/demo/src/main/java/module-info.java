/** A small trained model, the procedural films on which it was trained, and its evaluation. */
module radedit.demo {
    requires transitive radedit.core;

    exports radedit.tools.demo;

    provides radedit.checkpoint.EmbeddedModel with radedit.tools.demo.DemoWeights;
}
