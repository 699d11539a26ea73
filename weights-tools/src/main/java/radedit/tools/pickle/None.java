package radedit.tools.pickle;

/** Python's None as a value. */
enum None {
    NONE
}
