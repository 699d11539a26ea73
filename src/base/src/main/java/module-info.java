/** Messages in which settings are values. */
module radedit.base {
    exports radedit.message;
}
