/** The program radedit. */
module radedit.cli {
    requires info.picocli;
    requires radedit.checkpoints;
    requires radedit.demo;
    requires radedit.serve;
    requires radedit.stress;

    opens radedit.cli to info.picocli;
}
