/** Helpers for tests of several modules: synthetic models, the table of operations, a fake hub. */
module radedit.testkit {
    requires transitive jdk.httpserver;
    requires transitive radedit.core;

    exports radedit.testkit;
}
