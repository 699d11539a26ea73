package radedit.serve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

import com.sun.net.httpserver.Headers;

/** The secret that requests need, and the cookies that were given for it. Comparisons take the same time whatever is sent. */
final class Token {
    static final String COOKIE = "radedit";
    private static final int BYTES = 24;
    private static final int MOST_COOKIES = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;
    private final Deque<byte[]> cookies = new ArrayDeque<>();

    /** @param secret ASCII */
    Token(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** A new secret of 192 random bits, fit for addresses. */
    static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether a request has the token or a cookie that was given for it. */
    boolean isKnown(Headers request) {
        String authorization = request.getFirst("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                && is(authorization.substring(7).strip())) {
            return true;
        }
        String all = request.getFirst("Cookie");
        for (String pair : all == null ? new String[0] : all.split(";")) {
            String[] sides = pair.strip().split("=", 2);
            if (sides.length == 2 && sides[0].equals(COOKIE) && isCookie(sides[1])) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is the token. */
    boolean is(@Nullable String given) {
        return given != null && MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
    }

    private synchronized boolean isCookie(String given) {
        byte[] bytes = given.getBytes(StandardCharsets.UTF_8);
        boolean found = false;
        for (byte[] c : cookies) {
            found |= MessageDigest.isEqual(c, bytes);
        }
        return found;
    }

    /** A new cookie; of many, the oldest is forgotten. */
    synchronized String cookie() {
        String value = random();
        if (cookies.size() == MOST_COOKIES) {
            cookies.removeFirst();
        }
        cookies.addLast(value.getBytes(StandardCharsets.UTF_8));
        return value;
    }

    /** The header that sets a cookie, which ends with the browser's session. */
    static String header(String value) {
        return COOKIE + "=" + value + "; Path=/; HttpOnly; SameSite=Strict";
    }
}
