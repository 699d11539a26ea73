package radedit.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

import radedit.digest.Digests;
import radedit.files.OutputFolder;
import radedit.files.UserFolder;
import radedit.weights.WeightsException;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * The small model that is part of the program, trained on drawn phantoms. Weights are memory-mapped, so its files are
 * extracted from the class path once, to {@code embedded} in {@link UserFolder#home}; if that folder is not writable,
 * to a temporary folder that is removed when the program ends.
 */
public final class DemoModel {
    /** Its name, which can be given in place of a folder. */
    public static final String NAME = "demo";
    /** The list of its files: SHA-256, length in bytes and path, one file per line. */
    private static final String FILE_LIST = "files.txt";

    private record Entry(String sha256, long length, String path) {}

    private DemoModel() {
    }

    /** {@return whether the model is part of this build} */
    public static boolean isPresent() {
        return embedded().isPresent();
    }

    /**
     * {@return the model's folder, in the environment of this process; extracted if necessary}
     *
     * @throws WeightsException
     *             if the model is not part of this build, or cannot be extracted
     */
    public static Path folder() {
        return folder(System.getenv());
    }

    /**
     * {@return the model's folder, in the published layout; extracted if necessary}
     *
     * @param environment
     *            environment variables, which decide on the user's folder
     * @throws WeightsException
     *             if the model is not part of this build, or cannot be extracted
     */
    public static Path folder(Map<String, String> environment) {
        if (!isPresent()) {
            throw new WeightsException(
                    Message.of("the demo model is not part of this build; ", Setting.MODEL, " DIR names another"));
        }
        try {
            byte[] list = resource(FILE_LIST);
            List<Entry> files = parse(list);
            // One folder per version of the files: an older program may be running.
            Path place = UserFolder.home(environment).resolve("embedded").resolve(version(list)).resolve(NAME);
            if (isComplete(place, files)) {
                return place;
            }
            try {
                return copyTo(place, files);
            } catch (FileSystemException e) {
                return copyToTemporary(files);
            }
        } catch (IOException e) {
            throw new WeightsException("the demo model cannot be extracted: " + e.getMessage(), e);
        }
    }

    private static String version(byte[] list) {
        return Digests.hex(list).substring(0, 16);
    }

    private static byte[] resource(String path) throws IOException {
        try (InputStream in = embedded().orElseThrow().open(path)) {
            return in.readAllBytes();
        }
    }

    private static Optional<EmbeddedModel> embedded() {
        return ServiceLoader.load(EmbeddedModel.class).findFirst();
    }

    private static List<Entry> parse(byte[] list) {
        List<Entry> files = new ArrayList<>();
        for (String line : new String(list, StandardCharsets.UTF_8).lines().toList()) {
            String[] fields = line.split(" ");
            files.add(new Entry(fields[0], Long.parseLong(fields[1]), fields[2]));
        }
        return files;
    }

    /**
     * {@return whether all files exist with their lengths; the folder appears by renaming, so that contents need no
     * check}
     */
    private static boolean isComplete(Path folder, List<Entry> files) throws IOException {
        for (Entry e : files) {
            Path file = folder.resolve(e.path);
            if (!Files.isRegularFile(file) || Files.size(file) != e.length) {
                return false;
            }
        }
        return true;
    }

    private static Path copyTo(Path place, List<Entry> files) throws IOException {
        Path parent = Files.createDirectories(place.getParent());
        Path temporary = Files.createTempDirectory(parent, ".demo");
        try {
            copy(files, temporary);
            if (Files.exists(place) && !isComplete(place, files)) {
                OutputFolder.remove(place); // somebody removed a file
            }
            try {
                Files.move(temporary, place);
            } catch (FileSystemException e) {
                if (!isComplete(place, files)) { // otherwise another process was faster
                    throw e;
                }
            }
            return place;
        } finally {
            OutputFolder.remove(temporary);
        }
    }

    private static Path copyToTemporary(List<Entry> files) throws IOException {
        Path root = Files.createTempDirectory("radedit");
        OutputFolder.removeOnExit(root);
        Path place = Files.createDirectory(root.resolve(NAME));
        copy(files, place);
        return place;
    }

    private static void copy(List<Entry> files, Path to) throws IOException {
        for (Entry e : files) {
            byte[] content = resource(e.path);
            if (!Digests.hex(content).equals(e.sha256)) {
                throw new IOException(e.path + " in the program is damaged; rebuild it");
            }
            Path file = to.resolve(e.path);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }
    }
}
