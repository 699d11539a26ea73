package radedit.tools.hub;

import java.util.regex.Pattern;

/**
 * Checks names before they become paths: commits, revisions, hashes and file names; the last two come from a server.
 */
final class Names {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][\\w.+-]*(/[A-Za-z0-9][\\w.+-]*)*");
    private static final Pattern BLOB = Pattern.compile("[A-Za-z0-9][\\w.-]{0,127}");
    private static final int LONGEST_SEGMENT = 200;
    private static final int LONGEST_NAME = 1000;
    /** Separators and wildcards of any system, which portable names avoid. */
    private static final String ODD = "\\:*?\"<>|";

    private Names() {
    }

    /** Whether this is a full commit hash, which always identifies the same files. */
    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /** Whether this can be a branch, tag or commit. */
    static boolean isRevision(String revision) {
        return revision.length() <= LONGEST_SEGMENT && REVISION.matcher(revision).matches()
                && !revision.contains("..") && !revision.endsWith(".lock");
    }

    /** Whether an ETag can be a file name. */
    static boolean isBlob(String etag) {
        return BLOB.matcher(etag).matches() && !etag.contains("..");
    }

    /** Whether a file of this name stays inside its folder on every system. */
    static boolean isFile(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return false;
        }
        for (String s : name.split("/", -1)) {
            if (s.isEmpty() || s.length() > LONGEST_SEGMENT || s.endsWith(".") || s.endsWith(" ")) {
                return false; // "." and ".." end with a dot
            }
        }
        return name.codePoints().noneMatch(c -> Character.isISOControl(c) || ODD.indexOf(c) >= 0
                || Character.getType(c) == Character.FORMAT || Character.getType(c) == Character.SURROGATE
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR);
    }

    /** A server's text for messages: one line of limited length, without control characters. */
    static String clean(String text) {
        String s = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ").strip();
        return s.length() <= 300 ? s : s.substring(0, 297) + "...";
    }
}
