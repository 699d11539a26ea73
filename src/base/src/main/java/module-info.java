/** Messages in which settings are values, hashes, and pages. */
module radedit.base {
    requires static transitive org.jspecify;

    exports radedit.digest;
    exports radedit.html;
    exports radedit.message;
}
