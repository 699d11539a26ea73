package radedit.imaging.volume;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import radedit.imaging.ImageFormatException;

/** Locates the voxel file of a header. */
final class DataFile {
    private static final int LONGEST_IN_MESSAGES = 80;

    private DataFile() {
    }

    /**
     * Finds the file that a header names. It must be in the header's folder: other paths are refused, since the author
     * of the header would choose what is read.
     */
    static Path of(Path header, String name) throws ImageFormatException {
        String shown = name.replaceAll("[^ -~]", "?");
        if (shown.length() > LONGEST_IN_MESSAGES) {
            shown = shown.substring(0, LONGEST_IN_MESSAGES) + "...";
        }
        Path data;
        try {
            data = Path.of(name).normalize();
        } catch (InvalidPathException e) {
            throw new ImageFormatException(header, "names '" + shown + "' as its data, which is not the name of a file",
                    e);
        }
        if (data.isAbsolute() || data.getNameCount() != 1 || name.contains("\\") || data.toString().isEmpty()
                || data.toString().equals("..")) {
            throw new ImageFormatException(header, "names '" + shown + "' as its data; they must be next to it; put"
                    + " them there and name them without a folder");
        }
        Path found = header.resolveSibling(data);
        if (!Files.isRegularFile(found)) {
            throw new ImageFormatException(header,
                    "names '" + shown + "' as its data, and there is no such file next to"
                            + " it");
        }
        return found;
    }
}
