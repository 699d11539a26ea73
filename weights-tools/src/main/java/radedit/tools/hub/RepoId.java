package radedit.tools.hub;

import java.util.regex.Pattern;

/** A repository of models on the hub: ORG/NAME. */
public record RepoId(String text) {
    /** The hub's own rule; '--' separates organisation and name in the cache and is not allowed inside either. */
    private static final Pattern RULE = Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}");

    /**
     * @throws IllegalArgumentException
     *             if this can be no repository's name
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
