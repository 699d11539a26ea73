package radedit.cli;

/** Whether a result takes the place of a file that exists. */
enum Overwrite {
    NO, YES
}
