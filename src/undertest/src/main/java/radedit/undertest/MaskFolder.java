package radedit.undertest;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

import radedit.digest.Digests;
import radedit.imaging.Mask;
import radedit.imaging.MaskReader;
import radedit.imaging.MaskSelection;
import radedit.undertest.ModelException.Reason;

/**
 * Masks that a segmenter elsewhere made: a folder with {@code CASE_ID.png} for one structure, or
 * {@code CASE_ID/STRUCTURE.png}. Files are read when they are asked for, by the rules of {@link MaskReader}.
 */
public final class MaskFolder {
    private static final String SUFFIX = ".png";
    private static final int MOST_PROBLEMS = 1000;

    private final Path folder;
    private final List<String> structures;
    private final Map<String, Map<String, Path>> files;

    private MaskFolder(Path folder, List<String> structures, Map<String, Map<String, Path>> files) {
        this.folder = folder;
        this.structures = structures;
        this.files = files;
    }

    /**
     * Opens a folder and looks for the files of all cases and structures.
     *
     * @param folder
     *            the folder
     * @param cases
     *            the cases that have to be there, and no others; empty for any
     * @param structures
     *            the structures that each case has to have; with one, both forms are accepted; empty for those of the
     *            files, or for "mask" where files have no structure's name
     * @return the folder
     * @throws ModelException
     *             if a file is missing, unknown, or has a name that leads elsewhere; has all problems
     * @throws IOException
     *             if the folder cannot be read
     */
    public static MaskFolder open(Path folder, Collection<String> cases, List<String> structures) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new ModelException(Reason.FILE, folder + ": is not a folder, or missing");
        }
        List<String> problems = new ArrayList<>();
        Map<String, Map<String, Path>> found = found(folder, problems);
        Set<String> names = new TreeSet<>();
        found.values().forEach(m -> names.addAll(m.keySet()));
        List<String> wanted = !structures.isEmpty()
                ? List.copyOf(structures)
                : names.equals(Set.of("")) ? List.of("mask") : names.stream().filter(n -> !n.isEmpty()).toList();
        Map<String, Map<String, Path>> all = new LinkedHashMap<>();
        for (String c : cases.isEmpty() ? found.keySet() : new TreeSet<>(cases)) {
            Map<String, Path> files = found.get(c);
            if (files == null) {
                problems.add(
                        "case '" + SpecReader.shorten(c) + "' is missing (" + c + SUFFIX + " or a folder " + c + ")");
                continue;
            }
            Map<String, Path> masks = new LinkedHashMap<>();
            for (String s : wanted) {
                Path file = files.getOrDefault(s, wanted.size() == 1 ? files.get("") : null);
                if (file == null) {
                    problems.add("case '" + SpecReader.shorten(c) + "' has no " + s + SUFFIX);
                } else {
                    masks.put(s, file);
                }
            }
            all.put(c, masks);
        }
        if (!cases.isEmpty()) {
            found.keySet().stream().filter(c -> !cases.contains(c))
                    .forEach(c -> problems.add("case '" + SpecReader.shorten(c) + "' is unknown"));
        }
        if (all.isEmpty() && problems.isEmpty()) {
            problems.add("has no PNG files");
        }
        if (!problems.isEmpty()) {
            throw ModelException.of(folder.toString(), problems.subList(0, Math.min(MOST_PROBLEMS, problems.size())));
        }
        return new MaskFolder(folder, wanted, all);
    }

    /** Files by case and structure; the structure of a file beside the folders is empty. */
    private static Map<String, Map<String, Path>> found(Path folder, List<String> problems) throws IOException {
        Map<String, Map<String, Path>> all = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path e : entries) {
                String name = e.getFileName().toString();
                if (Files.isDirectory(e, LinkOption.NOFOLLOW_LINKS)) {
                    try (DirectoryStream<Path> masks = Files.newDirectoryStream(e, "*" + SUFFIX)) {
                        for (Path m : masks) {
                            put(all, name, stem(m), m, problems);
                        }
                    }
                } else if (name.endsWith(SUFFIX)) {
                    put(all, stem(e), "", e, problems);
                }
            }
        }
        all.forEach((c, masks) -> {
            if (masks.containsKey("") && masks.size() > 1) {
                problems.add("case '" + c + "' is there twice, as a file and as a folder");
            }
        });
        return all;
    }

    private static void put(Map<String, Map<String, Path>> all, String name, String structure, Path file,
            List<String> problems) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            problems.add(file.getFileName() + " is a link or not a file; copy the file here");
        }
        all.computeIfAbsent(name, n -> new TreeMap<>()).put(structure, file);
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    /** {@return the folder} */
    public Path folder() {
        return folder;
    }

    /** {@return names of the structures, in order} */
    public List<String> structures() {
        return structures;
    }

    /** {@return the cases, sorted} */
    public Set<String> cases() {
        return Collections.unmodifiableSet(files.keySet());
    }

    /**
     * {@return SHA-256 of all files in the order of cases and structures, in hexadecimal}
     *
     * @throws IOException
     *             if a file cannot be read
     */
    public String sha256() throws IOException {
        return Digests.hex(files.values().stream().flatMap(m -> m.values().stream()).toList());
    }

    /**
     * Reads the masks of a case.
     *
     * @param caseId
     *            one of {@link #cases}
     * @param width
     *            of the film, in pixels
     * @param height
     *            of the film, in pixels
     * @param note
     *            receives sentences that a user should see
     * @return the masks, in the order of {@link #structures}
     * @throws ModelException
     *             if there is no such case, or a mask has another size than the film
     * @throws IOException
     *             if a file cannot be read, or is not a picture
     */
    public Output.Masks masks(String caseId, int width, int height, Consumer<String> note) throws IOException {
        Map<String, Path> paths = files.get(caseId);
        if (paths == null) {
            throw new ModelException(Reason.FILE, folder + ": has no case '" + caseId + "'");
        }
        List<Mask> all = new ArrayList<>();
        for (Path file : paths.values()) {
            Mask mask = MaskReader.read(file, MaskSelection.DEFAULT, note);
            if (mask.width() != width || mask.height() != height) {
                throw new ModelException(Reason.FILE, file + ": has " + mask.width() + " x " + mask.height()
                        + " pixels, the film of the case has " + width + " x " + height);
            }
            all.add(mask);
        }
        return new Output.Masks(all, new Output.Region(0, 0, width, height), new Output.Range(0, 1, 0, 0, 0));
    }
}
