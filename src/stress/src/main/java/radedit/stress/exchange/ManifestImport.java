package radedit.stress.exchange;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import radedit.stress.CaseName;
import radedit.stress.Manifest;
import radedit.stress.ManifestException;
import radedit.stress.Problem;
import radedit.stress.StressCase;
import radedit.stress.Values;

/** Makes a manifest, or a list of prompts, of files of other programs. */
public final class ManifestImport {
    private ManifestImport() {
    }

    /**
     * Reads files of another program.
     *
     * @param format
     *            the format
     * @param file
     *            the table, or a folder with it
     * @param start
     *            folder of the new manifest, from which it names films
     * @param warning
     *            receives what the user should look at
     * @return the manifest
     * @throws ManifestException
     *             with everything that is wrong
     * @throws IOException
     *             if a file cannot be read
     */
    public static ManifestTable read(ImportFormat format, Path file, Path start, Consumer<String> warning)
            throws IOException {
        return switch (format) {
            case RADCF -> RadCfImport.read(file, start, warning);
            case CHEXGENBENCH -> prompts(file);
            case IMAGEFOLDER -> ImageFolderImport.read(file, start, warning);
            case MEDGROUND -> MedGroundImport.read(file, start, warning);
        };
    }

    /**
     * CheXGenBench (github.com/Raman1121/CheXGenBench, README): prompts are in the column {@code prompt} of tables of pictures, and
     * {@code annotated_prompt} of the tables that pictures are made from; {@code img_savename} names the picture.
     */
    private static ManifestTable prompts(Path file) throws IOException {
        Manifest table = Manifest.read(inFolder(file, "prompt_INFO.csv")).whole();
        String column = table.columns().contains("prompt") ? "prompt" : "annotated_prompt";
        Rows rows = new Rows(table.name());
        if (!table.columns().contains(column)) {
            rows.problem(0, null, "has neither a column prompt nor annotated_prompt");
        }
        int number = 0;
        for (Values r : table.rows()) {
            number++;
            String prompt = r.first(column);
            if (prompt == null && table.columns().contains(column)) {
                rows.problem(number, column, "is empty");
            }
            Map<String, List<String>> cells = new HashMap<>();
            cells.put("prompt", r.all(column));
            String picture = r.first("img_savename");
            if (picture != null) {
                cells.put(StressCase.CASE_ID, List.of(rows.name(number, stem(picture))));
            }
            rows.add(new Values(cells));
        }
        return rows.table(List.of(StressCase.CASE_ID, "prompt"));
    }

    /**
     * {@return a table of a folder, if a folder is given}
     *
     * @param names
     *            the table's possible names
     */
    static Path inFolder(Path file, String... names) {
        if (!Files.isDirectory(file)) {
            return file;
        }
        for (String name : names) {
            if (Files.exists(file.resolve(name))) {
                return file.resolve(name);
            }
        }
        throw new ManifestException(file.toString(),
                List.of(new Problem(0, null, "holds no " + String.join(" or ", names))));
    }

    /** {@return the name of a file without folders and ending, usable as a case's} */
    static String stem(String file) {
        String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        return name.replaceFirst("(?i)\\.(nii\\.gz|[a-z0-9]{1,5})$", "");
    }

    /** {@return the files of a folder whose names match a pattern, sorted} */
    static List<Path> matching(Path folder, String glob) throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            found.forEach(all::add);
        }
        all.sort(null);
        return all;
    }

    /** Collects rows, and what is wrong with them. */
    static final class Rows {
        private final String name;
        private final List<Problem> problems = new ArrayList<>();
        private final List<Values> rows = new ArrayList<>();
        private final Map<String, Integer> names = new HashMap<>();

        Rows(String name) {
            this.name = name;
        }

        void problem(int row, @Nullable String column, String text) {
            problems.add(new Problem(row, column, text));
        }

        void add(Values row) {
            rows.add(row);
        }

        /** {@return a case's name, which is checked} */
        String name(int row, String given) {
            if (!CaseName.isUsable(given)) {
                problem(row, null, CaseName.problem(given));
            }
            Integer other = names.putIfAbsent(CaseName.key(given), row);
            if (other != null) {
                problem(row, null, "'" + given + "' is in row " + other + " already");
            }
            return given;
        }

        /**
         * {@return the name of a film for the manifest: relative to its folder where possible}
         *
         * @param folder
         *            folder that the film must be in
         * @param names
         *            possible names of the film
         */
        List<String> film(int row, @Nullable String column, Path folder, Path start, String... names) {
            for (String each : names) {
                try {
                    Path inside = folder.toAbsolutePath().normalize();
                    Path file = inside.resolve(each).normalize();
                    if (!file.startsWith(inside)) {
                        problem(row, column, "'" + each + "' is outside of " + folder);
                        return List.of();
                    }
                    if (Files.isRegularFile(file)) {
                        return List.of(relative(file, start));
                    }
                } catch (InvalidPathException e) {
                    problem(row, column, "'" + each.replaceAll("\\p{Cntrl}", "?") + "' cannot be the name of a file");
                    return List.of();
                }
            }
            problem(row, column, folder.resolve(names[0]) + ": no such file");
            return List.of();
        }

        /** {@return the table, with those columns first that it has} */
        ManifestTable table(List<String> first) {
            if (!problems.isEmpty()) {
                throw new ManifestException(name, problems);
            }
            Set<String> columns = new LinkedHashSet<>(first);
            rows.forEach(r -> columns.addAll(r.byColumn().keySet()));
            columns.removeIf(c -> rows.stream().allMatch(r -> r.all(c).isEmpty()));
            return new ManifestTable(List.of(), List.copyOf(columns), rows);
        }
    }

    /**
     * {@return the name of a file as seen from a folder, with {@code /}; the whole name where there is no way}
     *
     * @param file
     *            the file
     * @param start
     *            the folder
     */
    public static String relative(Path file, Path start) {
        Path from = start.toAbsolutePath().normalize();
        Path to = file.toAbsolutePath().normalize();
        try {
            return from.relativize(to).toString().replace('\\', '/');
        } catch (IllegalArgumentException e) { // of another drive
            return to.toString();
        }
    }
}
