package radedit.tools.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * Files of a repository in the cache.
 *
 * @param repo
 *            the repository
 * @param revision
 *            the requested branch, tag or commit
 * @param commit
 *            the commit of the files
 * @param folder
 *            the folder of the files, under their names
 * @param files
 *            names of the requested files
 * @param fetched
 *            number of files that were not in the cache before
 */
public record Snapshot(RepoId repo, String revision, String commit, Path folder, List<String> files, int fetched) {
    /**
     * {@return the path of a file}
     *
     * @param file
     *            its name
     */
    public Path path(String file) {
        return folder.resolve(file);
    }
}
