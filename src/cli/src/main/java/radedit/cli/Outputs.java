package radedit.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import radedit.files.OutputFile;
import radedit.pipeline.InvalidRequestException;

/** Checks of output files before the work. */
final class Outputs {
    /** Parses the name of an output. A path alone would lose a trailing slash, by which users mean a folder. */
    static final class Converter implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            Path path = Inputs.path(value);
            if ((value.endsWith("/") || value.endsWith(File.separator)) && !Files.isDirectory(path)) {
                if (Files.exists(path)) {
                    throw new TypeConversionException(
                            "'" + value + "' is not a folder but a file; leave out the "
                                    + value.charAt(value.length() - 1) + " to replace it");
                }
                throw new TypeConversionException(
                        "'" + value + "' is not an existing folder; make it first, or leave out"
                                + " the " + value.charAt(value.length() - 1) + " for a file");
            }
            return path;
        }
    }

    /** Parses the name of an output that may be a folder which the command makes. */
    static final class FolderConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(String value) {
            Path path = Inputs.path(value);
            return NewFolder.isMeant(path) && Files.notExists(path) ? path : new Converter().convert(value);
        }
    }

    private Outputs() {
    }

    /** Checks that the name of a PNG file ends in .png. */
    static void requirePng(String option, Path file) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new InvalidRequestException(option + " must end in .png, not " + file);
        }
    }

    /**
     * Checks that a result does not overwrite its inputs or another result.
     *
     * @param option
     *            beginning of the message: an option and a blank, or nothing
     * @param file
     *            null for none
     * @param others
     *            may contain null
     * @throws InvalidRequestException
     *            if one of them is the same file
     */
    static void requireDistinct(String option, @Nullable Path file, @Nullable Path... others) {
        try {
            OutputFile.checkDistinct(file, others);
        } catch (IOException e) {
            throw new InvalidRequestException(option + OptionNames.in(e));
        }
    }
}
