/** Statistics of a stress test of a vision model: plain arrays in, records out. Uses no other module of RadEdit. */
module radedit.metrics {
    requires static transitive org.jspecify;
    requires commons.math3;
    requires ejml.core;
    requires ejml.ddense;

    exports radedit.metrics;
    exports radedit.metrics.classification;
    exports radedit.metrics.effect;
    exports radedit.metrics.features;
    exports radedit.metrics.image;
    exports radedit.metrics.segmentation;
}
