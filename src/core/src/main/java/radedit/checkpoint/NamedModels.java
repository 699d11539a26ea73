package radedit.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import radedit.files.UserFolder;
import radedit.weights.WeightsException;

/**
 * Models that have a name: those that 'radedit weights fetch NAME' put together, in the published layout at
 * {@code models/NAME} in {@link UserFolder#home}, and the {@link DemoModel}.
 */
public final class NamedModels {
    /** Name of the published model, fetched from its three repositories. */
    public static final String RADEDIT = "radedit";
    /** Names of the models that can be fetched. */
    public static final List<String> FETCHABLE = List.of(RADEDIT);

    private NamedModels() {
    }

    /**
     * {@return the folder of a named model, which may not exist yet}
     *
     * @param name
     *            name of the model
     * @param environment
     *            environment variables, which decide on the user's folder
     */
    public static Path folder(String name, Map<String, String> environment) {
        return UserFolder.home(environment).resolve("models").resolve(name);
    }

    /**
     * {@return the folder that a user means: the given one if it exists, else that of the model of this name, else the
     * given one although it does not exist}
     *
     * @param given
     *            a folder or the name of a model
     * @param environment
     *            environment variables, which decide on the user's folder
     * @throws WeightsException
     *             if it is a name that can be fetched and has not been, or the demo model cannot be extracted
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
        if (FETCHABLE.contains(given.toString())) {
            throw new WeightsException(given + ": neither a folder here nor fetched yet (it would be at " + named
                    + ")\n'radedit weights fetch " + given + "' downloads it");
        }
        return given;
    }
}
