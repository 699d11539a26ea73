package radedit.files;

import java.nio.file.Path;
import java.util.Map;

/** The folder for data that this program can recompute or download again. */
public final class UserFolder {
    private UserFolder() {
    }

    /** {@return the folder named by RADEDIT_HOME, else {@code radedit} in the user's cache folder} */
    public static Path home() {
        return home(System.getenv());
    }

    /**
     * {@return the folder named by RADEDIT_HOME, else {@code radedit} in the user's cache folder}
     *
     * @param environment
     *            environment variables
     */
    public static Path home(Map<String, String> environment) {
        String own = environment.getOrDefault("RADEDIT_HOME", "");
        return own.isEmpty() ? cache(environment).resolve("radedit") : Path.of(own);
    }

    /**
     * {@return the user's cache folder by the XDG Base Directory Specification}
     *
     * @param environment
     *            environment variables
     */
    public static Path cache(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        return xdg.isEmpty() ? userHome(environment).resolve(".cache") : Path.of(xdg);
    }

    /**
     * {@return the user's home folder: HOME, which containers set, else what the system reports}
     *
     * @param environment
     *            environment variables
     */
    public static Path userHome(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }
}
