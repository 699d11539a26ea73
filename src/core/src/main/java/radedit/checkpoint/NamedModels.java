package radedit.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import radedit.files.UserFolder;
import radedit.weights.WeightsException;

/**
 * Models that go by a name instead of a folder, once 'radedit weights fetch NAME' has put them together: folders in the
 * published layout at {@code models/NAME} in {@link UserFolder#home}; and the {@link DemoModel}, which is always there.
 */
public final class NamedModels {
    /** The published model, from its three repositories. */
    public static final String RADEDIT = "radedit";
    /** The names that can be fetched. */
    public static final List<String> KNOWN = List.of(RADEDIT);

    private NamedModels() {
    }

    /** Where a named model lies, or will lie. */
    public static Path folder(String name, Map<String, String> environment) {
        return UserFolder.home(environment).resolve("models").resolve(name);
    }

    /**
     * What the user means by a model: a folder that exists, else a model of that name.
     *
     * @return a folder; one that does not exist if this is neither
     * @throws WeightsException
     *             if it is a name that can be fetched and was not yet
     */
    public static Path resolve(Path given, Map<String, String> environment) {
        if (Files.isDirectory(given) || given.isAbsolute() || given.getNameCount() != 1 || given.toString().isEmpty()
                || given.toString().startsWith(".")) {
            return given;
        }
        Path named = folder(given.toString(), environment);
        if (Files.isDirectory(named)) {
            return named;
        }
        if (given.toString().equals(DemoModel.NAME)) {
            return DemoModel.folder(environment);
        }
        if (KNOWN.contains(given.toString())) {
            throw new WeightsException(given + ": neither a folder here nor fetched yet (it would be at " + named
                    + ")\n'radedit weights fetch " + given + "' downloads it");
        }
        return given;
    }
}
