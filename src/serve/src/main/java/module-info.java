/** Edits and generates films over HTTP, with a page to paint masks. Research use only, never clinical. */
module radedit.serve {
    requires jdk.httpserver;

    requires transitive radedit.core;

    exports radedit.serve;
}
