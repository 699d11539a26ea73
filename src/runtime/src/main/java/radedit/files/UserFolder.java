package radedit.files;

import java.nio.file.Path;
import java.util.Map;

/** The folder where this program keeps what it can make or fetch again. */
public final class UserFolder {
    private UserFolder() {
    }

    /** The variable RADEDIT_HOME, else {@code radedit} in the user's cache folder. */
    public static Path home() {
        return home(System.getenv());
    }

    /** The same, for other environment variables than this process's. */
    public static Path home(Map<String, String> environment) {
        String own = environment.getOrDefault("RADEDIT_HOME", "");
        return own.isEmpty() ? cache(environment).resolve("radedit") : Path.of(own);
    }

    /** The user's cache folder as the XDG base directory specification has it. */
    public static Path cache(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        return xdg.isEmpty() ? user(environment).resolve(".cache") : Path.of(xdg);
    }

    /** The user's own folder: HOME, which programs in containers are told by, else what the system knows. */
    public static Path user(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }
}
