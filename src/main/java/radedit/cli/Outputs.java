package radedit.cli;

import java.io.IOException;
import java.nio.file.Path;

import radedit.files.OutputFile;
import radedit.pipeline.InvalidRequestException;

/** Checks of what a command is to write, before the work. */
final class Outputs {
    private Outputs() {
    }

    /**
     * Makes sure that a result does not overwrite what it comes from, or another result.
     *
     * @param option
     *            what the message begins with: an option and a blank, or nothing
     * @param file
     *            null for none
     * @param others
     *            null for none
     * @throws InvalidRequestException
     *             if one of them is the same file
     */
    static void requireDistinct(String option, Path file, Path... others) {
        try {
            OutputFile.checkDistinct(file, others);
        } catch (IOException e) {
            throw new InvalidRequestException(option + e.getMessage());
        }
    }
}
