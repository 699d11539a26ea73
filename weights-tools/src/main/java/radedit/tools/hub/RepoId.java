package radedit.tools.hub;

import java.util.regex.Pattern;

/**
 * A model repository on the hub.
 *
 * @param text
 *            ORG/NAME
 */
public record RepoId(String text) {
    /** The hub's own rule. '--', which separates organisation and name in the cache, is refused in the constructor. */
    private static final Pattern RULE = Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException
     *            if it is malformed
     */
    public RepoId {
        if (!RULE.matcher(text).matches() || text.contains("--") || text.contains("..") || text.endsWith(".git")
                || text.contains("./") || text.endsWith(".")) {
            throw new IllegalArgumentException("'" + text + "' is not a repository of the hub (ORG/NAME is expected)");
        }
    }

    /** The repository's folder in the cache. */
    String folder() {
        return "models--" + text.replace("/", "--");
    }

    @Override
    public String toString() {
        return text;
    }
}
