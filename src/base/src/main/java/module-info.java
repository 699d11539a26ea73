/** Messages in which settings are values. */
module radedit.base {
    requires static transitive org.jspecify;

    exports radedit.message;
}
