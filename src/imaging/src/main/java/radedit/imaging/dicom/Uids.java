package radedit.imaging.dicom;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;

import radedit.digest.Digests;

/** Unique identifiers derived from UUIDs, under 2.25 (PS3.5 B.2). */
final class Uids {
    private static final String ROOT = "2.25.";
    private static final Pattern UID = Pattern.compile("(0|[1-9]\\d*)(\\.(0|[1-9]\\d*))+");
    private static final int LONGEST = 64;

    private Uids() {
    }

    /** A new identifier. */
    static String random() {
        return of(UUID.randomUUID());
    }

    /**
     * A replacement for an identifier that must not be disclosed: deterministic, and the original cannot be computed
     * from it.
     */
    static String replacing(String uid) {
        byte[] hash = Arrays.copyOf(Digests.sha256(("radedit:" + uid).getBytes(StandardCharsets.UTF_8)), 16);
        hash[6] = (byte) (hash[6] & 0x0F | 0x80); // version 8, RFC 9562
        hash[8] = (byte) (hash[8] & 0x3F | 0x80);
        return ROOT + new BigInteger(1, hash);
    }

    private static String of(UUID id) {
        return ROOT + new BigInteger(id.toString().replace("-", ""), 16);
    }

    /** Whether a text is a valid UID (PS3.5 9.1). */
    static boolean isValid(String uid) {
        return uid.length() <= LONGEST && UID.matcher(uid).matches();
    }
}
