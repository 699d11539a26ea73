/** Messages in which settings are values, and hashes. */
module radedit.base {
    requires static transitive org.jspecify;

    exports radedit.digest;
    exports radedit.message;
}
