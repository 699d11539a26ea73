package radedit.cli;

/** Whether a result replaces an existing file. */
enum Overwrite {
    NO, YES
}
