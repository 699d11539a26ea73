package radedit.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;

import radedit.files.OutputFile;
import radedit.pipeline.InvalidRequestException;
import radedit.stress.exchange.ManifestTable;

/** A manifest as output. It never replaces a file, which may be one that a user has filled in. */
final class ManifestFile {
    private ManifestFile() {
    }

    /** Whether a name is that of a manifest, rather than of a folder. */
    static boolean isMeant(Path output) {
        return output.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    }

    /** Checks before the work whether it can be written. */
    static void check(Path output) throws IOException {
        if (!isMeant(output)) {
            throw new InvalidRequestException(output + ": the output must end in .csv");
        }
        if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(output);
        }
        OutputFile.check(output);
    }

    static void write(Path output, ManifestTable table) throws IOException {
        try {
            OutputFile.create(output, table::writeTo);
        } catch (FileAlreadyExistsException e) {
            throw exists(output);
        }
    }

    private static InvalidRequestException exists(Path output) {
        return new InvalidRequestException(output + ": exists already; choose another name");
    }
}
