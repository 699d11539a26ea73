package radedit.signature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.digest.Digests;
import radedit.safetensors.FormatException;

/** Keys are read from PEM files, and their public keys computed. */
class SigningKeyTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path temp;

    /** The public key that is computed is the one that was generated, and signatures are the JDK's. */
    @ParameterizedTest
    @CsvSource({"Ed25519,Ed25519", "secp256r1,SHA256withECDSA", "secp384r1,SHA384withECDSA",
            "secp521r1,SHA512withECDSA", "RSA2048,SHA256withRSA"})
    void everyKind(String kind, String algorithm) throws IOException, GeneralSecurityException {
        KeyPair pair = Keys.write(temp, "k", kind);
        SigningKey key = SigningKey.read(temp.resolve("k.pem"));
        VerifyingKey read = VerifyingKey.read(temp.resolve("k-pub.pem"));
        assertEquals(algorithm, read.algorithm());
        assertEquals(Digests.hex(pair.getPublic().getEncoded()), key.publicKey().fingerprint());
        assertEquals(read.fingerprint(), key.publicKey().fingerprint());
        assertEquals(Digests.hex("SHA-256", temp.resolve("k-pub.pem")), read.pemFingerprint());
        byte[] signature = key.sign(CONTENT);
        Signature jdk = Signature.getInstance(algorithm);
        jdk.initVerify(pair.getPublic());
        jdk.update(CONTENT);
        assertTrue(jdk.verify(signature));
        assertTrue(read.verifies(CONTENT, signature));
        assertFalse(read.verifies(new byte[]{1, 2, 4}, signature));
        signature[signature.length - 1] ^= 1;
        assertFalse(read.verifies(CONTENT, signature));
        assertFalse(read.verifies(CONTENT, new byte[0]));
        assertFalse(read.verifies(CONTENT, new byte[]{0x30, (byte) 0x84, 127, 127, 127, 127}));
    }

    private String refusal(Path file, boolean isPublic) {
        FormatException e = assertThrows(FormatException.class,
                () -> {
                    if (isPublic) {
                        VerifyingKey.read(file);
                    } else {
                        SigningKey.read(file);
                    }
                });
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        return e.fault();
    }

    @Test
    void otherFilesAreRefused() throws IOException, GeneralSecurityException {
        KeyPair small = Keys.pair("RSA1024");
        byte[] der = small.getPrivate().getEncoded();
        Path file = temp.resolve("x");
        assertTrue(refusal(Keys.pem(file, "PRIVATE KEY", der), false).contains("1024 bits"));
        assertTrue(refusal(Keys.pem(file, "PUBLIC KEY", small.getPublic().getEncoded()), true).contains("1024 bits"));
        assertTrue(refusal(Keys.pem(file, "PRIVATE KEY", Keys.pair("X25519").getPrivate().getEncoded()), false)
                .contains("supported kind"));
        assertTrue(refusal(Keys.pem(file, "EC PRIVATE KEY", der), false).contains("openssl pkcs8"));
        assertTrue(refusal(Keys.pem(file, "ENCRYPTED PRIVATE KEY", der), false).contains("openssl pkcs8"));
        assertTrue(refusal(Keys.pem(file, "PRIVATE KEY", der), true).contains("not PUBLIC KEY"));
        assertTrue(refusal(Files.writeString(file, "key"), false).contains("-----BEGIN"));
        assertTrue(refusal(Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAA"), false).contains("damaged"));
        assertTrue(refusal(Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----"), false)
                .contains("damaged"));
        assertTrue(refusal(Files.writeString(file, "x".repeat(70_000)), false).contains("too large"));
        assertTrue(refusal(temp, false).contains("folder"));
    }

    /** The private and the public key in RFC 8410, section 10. */
    @Test
    void theKeyOfRfc8410() throws IOException {
        Path priv = Files.writeString(temp.resolve("a"), """
                -----BEGIN PRIVATE KEY-----
                MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
                -----END PRIVATE KEY-----
                """);
        Path pub = Files.writeString(temp.resolve("b"), """
                text before
                -----BEGIN PUBLIC KEY-----
                MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
                -----END PUBLIC KEY-----
                """);
        assertEquals(VerifyingKey.read(pub).fingerprint(), SigningKey.read(priv).publicKey().fingerprint());
        assertArrayEquals(SigningKey.read(priv).sign(CONTENT), SigningKey.read(priv).sign(CONTENT));
    }
}
