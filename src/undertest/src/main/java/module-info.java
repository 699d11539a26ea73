/** Models of others that are tested on films: what they take and give, probes, score files, models behind HTTP. */
module radedit.undertest {
    requires transitive radedit.imaging;
    requires com.fasterxml.jackson.databind;
    requires de.siegmar.fastcsv;
    requires java.net.http;

    exports radedit.undertest;

    uses radedit.undertest.ModelUnderTestProvider;
}
