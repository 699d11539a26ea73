package radedit.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import radedit.imaging.Film;
import radedit.imaging.mask.MaskSource;
import radedit.stress.Problem;
import radedit.stress.StressCase;
import radedit.stress.TruthMasks;

/** The masks of a manifest's rows: what can be said of them before films are read. */
final class RowMasks {
    private final ShapeChecks shapes = new ShapeChecks();

    /** The sources of a column's masks, which are joined. */
    static List<MaskSource> sources(StressCase c, String column, Path folder) {
        return c.values().all(column).stream().map(text -> MaskSource.of(text, folder)).toList();
    }

    /**
     * Checks the masks of a row.
     *
     * @param film
     *            reads its film
     * @param problems
     *            receives what is wrong with the masks; masks in words are compared with the film only if nothing else of the row
     *            is wrong
     */
    void check(StressCase c, Path folder, Supplier<Film> film, List<Problem> problems) {
        List<String> columns = Stream
                .concat(Stream.of("edit_mask", "keep_mask"), TruthMasks.columns(c.values()).stream()).toList();
        for (String column : columns) {
            List<MaskSource> sources = sources(c, column, folder);
            sources.forEach(s -> check(c, column, s, problems));
            requirePixels(c, column, sources, problems);
        }
        Path file = problems.isEmpty() ? file(c, folder) : null;
        if (file != null) {
            for (String column : columns) {
                sources(c, column, folder).forEach(s -> shapes.fault(file, s, isInverted(c, column), film).ifPresent(
                        fault -> problems.add(new Problem(c.row(), column, ManifestRows.inColumns(fault)))));
            }
        }
    }

    private static void check(StressCase c, String column, MaskSource s, List<Problem> problems) {
        try {
            s.check();
        } catch (IOException e) {
            problems.add(new Problem(c.row(), column, ManifestRows.inColumns(OptionNames.in(e))));
        }
    }

    /** Refuses a mask that is empty whatever the film is. */
    private static void requirePixels(StressCase c, String column, List<MaskSource> sources, List<Problem> problems) {
        boolean inverted = isInverted(c, column);
        if (inverted
                ? sources.stream().anyMatch(s -> s.text().equalsIgnoreCase("all"))
                : !sources.isEmpty() && sources.stream().allMatch(MaskSource::isNothing)) {
            problems.add(new Problem(c.row(), column,
                    (inverted ? "all, inverted," : sources.getFirst()) + " is an empty mask"));
        }
    }

    private static boolean isInverted(StressCase c, String column) {
        return column.equals("edit_mask") && ManifestRows.isYes(c.values().first("invert_edit_mask", ""));
    }

    private static @Nullable Path file(StressCase c, Path folder) {
        String film = c.values().first("image");
        try {
            return film == null ? null : folder.resolve(film);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
