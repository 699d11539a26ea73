package radedit.stress.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.mask.MaskSource;
import radedit.stress.CaseName;
import radedit.stress.RunException;
import radedit.stress.StressCase;
import radedit.stress.TruthMasks;
import radedit.stress.evaluate.EvaluatedCase;

/**
 * Pictures and {@code metadata.jsonl} as ImageFolder loads them (huggingface.co/docs/datasets/image_dataset): each line has
 * {@code file_name}, relative to the metadata and with {@code /}, and further keys, which are the same on all lines. Words
 * are never null, because the loader takes the types of columns from the first lines.
 */
final class ImageFolderExport {
    static final String FILE_NAME = "file_name";
    /** Key of the name of the film before the edit. */
    static final String ORIGINAL = "original";
    /** Keys that the manifest's own columns cannot have; the loader calls the picture itself image. */
    private static final Set<String> TAKEN = Set.of(FILE_NAME, "image", "images", StressCase.CASE_ID,
            StressCase.PATIENT_ID, StressCase.ROLE, "base", ORIGINAL, StressCase.DOSE, StressCase.TARGET,
            StressCase.DIRECTION, "prompt", "truth_before", "truth_after");

    /**
     * Words in the names of files by which the loader divides them into splits, so that it would lose all others
     * (datasets/data_files.py).
     */
    private static final Pattern SPLIT = Pattern.compile("(?i)(?<![^-._ 0-9])"
            + "(train|training|validation|valid|dev|val|test|testing|eval|evaluation)(?![^-._ 0-9])");

    private ImageFolderExport() {
    }

    static void write(ExportedRun run, ExportFolder out) throws IOException {
        for (String column : run.ownColumns()) {
            // names that end like this are pictures to the loader
            if (TAKEN.contains(column) || column.endsWith(FILE_NAME) || column.endsWith("file_names")) {
                throw new RunException(run.folder() + ": the column " + column
                        + " cannot be exported, because ImageFolder gives it a meaning; rename it in the manifest");
            }
        }
        Set<String> truth = new TreeSet<>();
        run.cases().forEach(c -> truth.addAll(ExportedRun.files(c).truth().keySet()));
        List<Map<String, Object>> lines = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        run.cases().forEach(c -> ids.add(CaseName.key(c.id())));
        for (EvaluatedCase c : run.cases()) {
            String file = "images/" + fileName(c.id(), ids) + ".png";
            Map<String, Object> m = line(file, c.id(), c);
            m.put(StressCase.ROLE, c.finished().plan().role());
            m.put("base", c.base() == null ? "" : c.base().plan().id());
            m.put(StressCase.DOSE, c.dose());
            m.put("prompt", ExportedRun.joined(c, "prompt"));
            m.put("truth_before", c.truthBefore().orElse(null));
            m.put("truth_after", c.truthAfter().orElse(null));
            m.put("original_text", ExportedRun.joined(c, "original_text"));
            m.put("edit_mask", mask(ExportedRun.files(c).editMask()));
            m.put("keep_mask", mask(ExportedRun.files(c).keepMask()));
            for (String structure : truth) {
                m.put(TruthMasks.column(structure), mask(ExportedRun.files(c).truth().get(structure)));
            }
            own(run, c, m);
            out.picture(ExportedRun.files(c).image(), file);
            lines.add(m);
        }
        for (Map.Entry<String, List<EvaluatedCase>> e : run.originals().entrySet()) {
            EvaluatedCase c = e.getValue().getFirst();
            String file = "originals/" + e.getKey() + ".png";
            Map<String, Object> m = line(file, e.getKey(), c);
            m.put("truth_before", before(e.getValue()));
            truth.forEach(structure -> m.put(TruthMasks.column(structure), ""));
            own(run, c, m);
            out.picture(ExportedRun.files(c).original(), file);
            lines.add(m);
        }
        out.jsonLines("metadata.jsonl", lines);
    }

    /** {@return a case's name, or another one if the loader would take a word in it for a split} */
    private static String fileName(String id, Set<String> taken) {
        if (!SPLIT.matcher(id).find()) {
            return id;
        }
        String free = "case-" + (taken.size() + 1);
        while (!taken.add(free)) {
            free += "x";
        }
        return free;
    }

    /** A line with all keys in their order; those of an edit are empty. */
    private static Map<String, Object> line(String file, String name, EvaluatedCase c) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put(FILE_NAME, file);
        m.put(StressCase.CASE_ID, name);
        m.put(StressCase.PATIENT_ID, c.patient());
        m.put(StressCase.ROLE, "");
        m.put("base", "");
        m.put(ORIGINAL, c.finished().originalName());
        m.put(StressCase.DOSE, 0.0);
        m.put(StressCase.TARGET, c.target());
        m.put(StressCase.DIRECTION, c.value(StressCase.DIRECTION));
        m.put("prompt", "");
        m.put("truth_before", null);
        m.put("truth_after", null);
        m.put("original_text", "");
        m.put("edit_mask", "");
        m.put("keep_mask", "");
        return m;
    }

    /** Known only if all edits of the film are about one target. */
    private static @Nullable Boolean before(List<EvaluatedCase> ofFilm) {
        return ofFilm.stream().map(EvaluatedCase::target).distinct().count() == 1
                ? ofFilm.getFirst().truthBefore().orElse(null)
                : null;
    }

    /** A mask in words, in pixels of the pictures; empty for none. */
    private static String mask(@Nullable Path file) throws IOException {
        return file == null ? "" : MaskSource.words(Mask.of(Images.read(file)));
    }

    private static void own(ExportedRun run, EvaluatedCase c, Map<String, Object> m) {
        run.ownColumns().forEach(column -> m.put(column, ExportedRun.joined(c, column)));
    }
}
