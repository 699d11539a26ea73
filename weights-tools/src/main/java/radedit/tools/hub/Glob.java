package radedit.tools.hub;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of file names with the rules of Python's fnmatch and huggingface_hub: {@code *} matches anything including
 * slashes, {@code ?} one character, {@code [abc]} and {@code [!abc]} one of a set. A pattern that ends with a slash
 * matches everything in the folder.
 */
final class Glob {
    private final String text;
    private final Pattern pattern;

    Glob(String text) {
        this.text = text;
        this.pattern = Pattern.compile(regex(text.endsWith("/") ? text + "*" : text), Pattern.DOTALL);
    }

    /** The only name that this matches; null if it has wildcards. */
    @Nullable
    String exact() {
        return text.endsWith("/") || text.chars().anyMatch(c -> "*?[".indexOf(c) >= 0) ? null : text;
    }

    boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    private static String regex(String glob) {
        StringBuilder r = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            int close = c == '[' ? closing(glob, i) : -1;
            if (c == '*') {
                // Several in a row are equivalent to one, and would make matching slow.
                r.append(i > 0 && glob.charAt(i - 1) == '*' ? "" : ".*");
            } else if (c == '?') {
                r.append('.');
            } else if (close > 0) {
                boolean not = glob.charAt(i + 1) == '!';
                String set = glob.substring(i + (not ? 2 : 1), close).replaceAll("[\\\\\\[\\]&^]", "\\\\$0");
                r.append('[').append(not ? "^" : "").append(set).append(']');
                i = close;
            } else {
                r.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return r.toString();
    }

    /** Index of the bracket that closes the set opened here; -1 if there is none, and the bracket is literal. */
    private static int closing(String glob, int open) {
        int from = open + (open + 1 < glob.length() && glob.charAt(open + 1) == '!' ? 3 : 2);
        return from > glob.length() ? -1 : glob.indexOf(']', from);
    }

    @Override
    public String toString() {
        return text;
    }
}
