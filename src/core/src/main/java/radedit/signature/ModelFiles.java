package radedit.signature;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import radedit.safetensors.FormatException;

/**
 * The files of a model by the names that a signature gives them: paths in the model's folder with slashes; a model that is one
 * file is called ".". Git's own files are no part of a model.
 */
public final class ModelFiles {
    /** Paths of git's files in the model's folder. */
    static final List<String> GIT = List.of(".git", ".gitattributes", ".github", ".gitignore");
    /** The name of a model's only file. */
    static final String ONE_FILE = ".";
    private static final int DEEPEST = 64;
    /** By the bytes of each part of the path, as the reference implementation sorts. */
    private static final Comparator<String> ORDER = (a, b) -> {
        String[] x = a.split("/");
        String[] y = b.split("/");
        for (int i = 0; i < Math.min(x.length, y.length); i++) {
            int c = Arrays.compareUnsigned(x[i].getBytes(StandardCharsets.UTF_8),
                    y[i].getBytes(StandardCharsets.UTF_8));
            if (c != 0) {
                return c;
            }
        }
        return Integer.compare(x.length, y.length);
    };

    private final Path root;
    private final Set<String> ignored = new TreeSet<>(GIT);
    private final boolean followsLinks;

    /**
     * Chooses a model.
     *
     * @param root
     *            its folder, or its only file
     * @param followsLinks
     *            whether links to files count as the files; otherwise they are refused
     */
    public ModelFiles(Path root, boolean followsLinks) {
        this.root = root;
        this.followsLinks = followsLinks;
    }

    /** {@return the model's folder or file} */
    public Path root() {
        return root;
    }

    /** {@return whether links to files count as the files} */
    boolean followsLinks() {
        return followsLinks;
    }

    /** {@return the last part of the model's path} */
    String name() throws IOException {
        Path name = root.toRealPath().getFileName();
        return name == null ? "" : name.toString();
    }

    /**
     * Leaves out a file, or a folder with all in it.
     *
     * @param path
     *            its path, as the user gives it
     * @return whether it is in the model's folder; if not, nothing is left out
     * @throws IOException
     *             if the paths cannot be resolved
     */
    public boolean ignore(Path path) throws IOException {
        Path real = root.toRealPath();
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        Path last = absolute.getFileName();
        // The folder's links are resolved; the last part may be a link or not exist.
        Path there = parent != null && last != null && Files.exists(parent)
                ? parent.toRealPath().resolve(last)
                : absolute;
        if (!there.startsWith(real) || there.equals(real)) {
            return false;
        }
        ignored.add(name(real, there));
        return true;
    }

    /** Leaves none of git's files out that were signed. */
    void includeSigned(Collection<String> names) {
        ignored.removeIf(g -> GIT.contains(g)
                && names.stream().anyMatch(n -> n.equals(g) || n.startsWith(g + "/") || n.startsWith(g + ":")));
    }

    /** Leaves out paths by their names in the model's folder; those that could be elsewhere are not names in it. */
    void ignore(Collection<String> names) {
        names.stream().filter(n -> !n.isEmpty() && !n.equals(ONE_FILE)).forEach(ignored::add);
    }

    /** {@return the names of the paths that are left out} */
    List<String> ignored() {
        return List.copyOf(ignored);
    }

    /**
     * {@return all files by name, in the order of a signature}
     *
     * @throws FormatException
     *             if there is something in the folder that cannot be signed: links, devices
     * @throws IOException
     *             if the folder cannot be read
     */
    Map<String, Path> list() throws IOException {
        Map<String, Path> all = new TreeMap<>(ORDER);
        if (!Files.isDirectory(root)) {
            require(root, Files.readAttributes(root, BasicFileAttributes.class));
            if (!followsLinks && Files.isSymbolicLink(root)) {
                throw link(root);
            }
            all.put(ONE_FILE, root);
            return all;
        }
        List<Path> tooDeep = new ArrayList<>();
        Files.walkFileTree(root.toRealPath(), Set.of(), DEEPEST, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes a) throws IOException {
                return ignored.contains(nameOf(folder)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
                String name = nameOf(file);
                if (ignored.contains(name)) {
                    return FileVisitResult.CONTINUE;
                }
                if (a.isDirectory()) {
                    tooDeep.add(file);
                } else if (a.isSymbolicLink()) {
                    if (!followsLinks) {
                        throw link(file);
                    }
                    require(file, Files.readAttributes(file, BasicFileAttributes.class));
                    all.put(name, file);
                } else {
                    require(file, a);
                    all.put(name, file);
                }
                return FileVisitResult.CONTINUE;
            }

            private String nameOf(Path path) throws IOException {
                return ModelFiles.name(root.toRealPath(), path);
            }
        });
        if (!tooDeep.isEmpty()) {
            throw new FormatException(tooDeep.getFirst(), "lies too deep for a model's file");
        }
        return all;
    }

    private static String name(Path root, Path file) {
        List<String> parts = new ArrayList<>();
        root.relativize(file).forEach(p -> parts.add(p.toString()));
        return String.join("/", parts);
    }

    private static FormatException link(Path file) {
        return new FormatException(file, "is a link; copy the file, or allow links");
    }

    private static void require(Path file, BasicFileAttributes a) throws FormatException {
        if (!a.isRegularFile()) {
            throw new FormatException(file,
                    a.isDirectory()
                            ? "is a link to a folder, whose files would not be signed"
                            : "is not a regular file");
        }
    }
}
