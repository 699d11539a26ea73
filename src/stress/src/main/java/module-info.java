/** Stress tests of vision models: many edits of many films, as a manifest says. Research use only, never clinical. */
module radedit.stress {
    requires com.fasterxml.jackson.databind;
    requires de.siegmar.fastcsv;
    requires java.desktop;
    requires java.xml;
    requires org.apache.xmlgraphics.batik.svggen;
    requires org.knowm.xchart;

    requires transitive radedit.core;
    requires transitive radedit.metrics;
    requires transitive radedit.undertest;

    exports radedit.stress;
    exports radedit.stress.evaluate;
    exports radedit.stress.exchange;
    exports radedit.stress.report;
    exports radedit.stress.template;
}
