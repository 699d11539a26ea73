package radedit.stress;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the files of a run are. Names in it use / on every system. */
final class RunFolder {
    static final String SETTINGS = "settings.json";
    static final String CASES = "cases.jsonl";
    static final String JOURNAL = "journal.jsonl";
    static final String RESULTS = "results.csv";
    private static final String LOCK = ".lock";
    private static final List<String> PICTURES = List.of("images", "masks", "originals");

    private final Path root;

    RunFolder(Path root) {
        this.root = root;
    }

    /** {@return the name of a case's picture} */
    static String image(String id) {
        return "images/" + id + ".png";
    }

    /** {@return the name of a case's edit mask, in the model's square} */
    static String editMask(String id) {
        return "masks/" + id + ".edit.png";
    }

    /** {@return the name of a case's keep mask, in the model's square} */
    static String keepMask(String id) {
        return "masks/" + id + ".keep.png";
    }

    /** {@return the name of a case's reference mask, in the model's square; columns of its row are counted from 1} */
    static String truthMask(String id, int column) {
        return "masks/" + id + ".truth-" + column + ".png";
    }

    /** {@return the name of a film in the model's square, by its hash} */
    static String original(String sha256) {
        return "originals/" + sha256.substring(0, 16) + ".png";
    }

    Path root() {
        return root;
    }

    Path file(String name) {
        return root.resolve(name);
    }

    Path lock() {
        return root.resolve(LOCK);
    }

    /** {@return whether a run has begun here} */
    boolean isRun() {
        return Files.exists(file(SETTINGS));
    }

    /**
     * Makes the folders.
     *
     * @throws RunException
     *             if the folder holds something else
     */
    void make() throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new RunException(root + ": is a file; a run needs a folder");
        }
        if (!isRun() && Files.isDirectory(root) && holdsOther()) {
            throw new RunException(root + ": is not empty and holds no run; choose a new folder");
        }
        Files.createDirectories(root);
        for (String folder : PICTURES) {
            Files.createDirectories(root.resolve(folder));
        }
    }

    private boolean holdsOther() throws IOException {
        List<String> ours = List.of(CASES, LOCK, JOURNAL, "images", "masks", "originals");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(root,
                p -> !ours.contains(p.getFileName().toString()) && !isPart(p))) {
            return all.iterator().hasNext();
        }
    }

    private static boolean isPart(Path p) {
        return p.getFileName().toString().startsWith(".") && p.getFileName().toString().endsWith(".part");
    }

    /** Removes what processes that were killed had not finished writing. */
    void sweep() throws IOException {
        for (Path folder : List.of(root, root.resolve("images"), root.resolve("masks"), root.resolve("originals"))) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, RunFolder::isPart)) {
                for (Path p : all) {
                    Files.deleteIfExists(p);
                }
            }
        }
    }
}
