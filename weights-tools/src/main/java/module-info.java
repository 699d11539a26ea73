/** Reads, converts, verifies and fetches checkpoints of other programs, without executing anything in them. */
module radedit.checkpoints {
    requires transitive radedit.core;

    exports radedit.tools;
    exports radedit.tools.hub;
}
