package radedit.tools.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * Files of a repository that are in the cache.
 *
 * @param revision
 *            the branch, tag or commit that was asked for
 * @param commit
 *            the commit that this was
 * @param folder
 *            where the files are, under their names
 * @param files
 *            the names of those asked for
 * @param fetched
 *            how many of them were not in the cache before
 */
public record Snapshot(RepoId repo, String revision, String commit, Path folder, List<String> files, int fetched) {
    /** Where a file is. */
    public Path path(String file) {
        return folder.resolve(file);
    }
}
