package radedit.stress;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of cases, which are names of files on every system too. */
public final class CaseName {
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}/\\\\:*?\"<>|]+");
    private static final Pattern RESERVED = Pattern.compile("(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?");
    /** In bytes of UTF-8, so that endings fit into the 255 that file systems allow. */
    private static final int LONGEST = 150;

    private CaseName() {
    }

    /**
     * {@return whether a name can be a file's everywhere}
     *
     * @param name
     *            the name, without an ending
     */
    public static boolean isUsable(String name) {
        return NAME.matcher(name).matches() && !name.startsWith(".") && !name.endsWith(".") && !name.startsWith("-")
                && !RESERVED.matcher(name).matches() && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    /**
     * {@return what is wrong with a name that is not usable, and the way out}
     *
     * @param name
     *            the name
     */
    public static String problem(String name) {
        return "'" + name + "' cannot name a file everywhere; letters, digits, - and _ can";
    }

    /**
     * {@return what two names have in common if some file system takes them for one}
     *
     * @param name
     *            the name
     */
    public static String key(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
}
