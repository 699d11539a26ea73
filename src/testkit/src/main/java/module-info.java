/** What tests of several modules share: synthetic models, the table of operations. */
module radedit.testkit {
    requires transitive jdk.httpserver;
    requires transitive radedit.core;

    exports radedit.testkit;
}
