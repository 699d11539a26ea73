package radedit.tools.hub;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import radedit.weights.WeightsException;

/** Selects files of a repository. */
@FunctionalInterface
interface FileSelection {
    /**
     * The selected files.
     *
     * @param names
     *            all files of the repository
     * @throws WeightsException
     *            if something is missing
     */
    List<String> among(List<String> names);

    /** The selected files, if they do not depend on the others. */
    default Optional<List<String>> exactly() {
        return Optional.empty();
    }

    /**
     * Selects files that match any of some patterns, see {@link Glob}.
     *
     * @param patterns
     *            each must match at least one file; empty for every file
     */
    static FileSelection matching(RepoId repo, List<String> patterns) {
        List<Glob> globs = patterns.stream().map(Glob::new).toList();
        return new FileSelection() {
            @Override
            public List<String> among(List<String> names) {
                if (globs.isEmpty()) {
                    return names;
                }
                Set<String> some = new LinkedHashSet<>();
                for (Glob g : globs) {
                    List<String> hits = names.stream().filter(g::matches).toList();
                    if (hits.isEmpty()) {
                        throw new WeightsException(repo + ": has no file '" + g + "'\nit has " + few(names));
                    }
                    some.addAll(hits);
                }
                return new ArrayList<>(some);
            }

            @Override
            public Optional<List<String>> exactly() {
                boolean known = !globs.isEmpty() && globs.stream().allMatch(g -> g.exact() != null);
                return known ? Optional.of(globs.stream().map(Glob::exact).distinct().toList()) : Optional.empty();
            }
        };
    }

    /** Some file names for a message. */
    static String few(List<String> names) {
        if (names.isEmpty()) {
            return "no files";
        }
        int n = Math.min(names.size(), 8);
        return Names.clean(String.join(", ", names.subList(0, n))) + (names.size() > n
                ? " and " + (names.size() - n) + " more"
                : "");
    }
}
