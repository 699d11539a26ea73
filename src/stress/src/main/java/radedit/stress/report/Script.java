package radedit.stress.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page's own script, and the policy that permits no other: what names in the page might contain is not run, and nothing is loaded.
 *
 * @param text
 *            the script, without {@code <} and {@code &}, which HTML and XML read differently
 */
record Script(String text) {
    Script {
        if (text.contains("<") || text.contains("&")) {
            throw new IllegalArgumentException("a script with < or &");
        }
    }

    String element() {
        return "<script>" + text + "</script>\n";
    }

    /** {@return the value of Content-Security-Policy (W3C, CSP Level 3)} */
    String policy() {
        return "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-"
                + hash() + "'";
    }

    private String hash() {
        try {
            return Base64.getEncoder().encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
