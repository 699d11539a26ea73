package radedit.signature;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.digest.Digests;
import radedit.safetensors.FormatException;

/**
 * A public key: Ed25519, EC on P-256, P-384 or P-521, or RSA of at least 2048 bits. ECDSA hashes with SHA-256, SHA-384 or
 * SHA-512 by the curve's size; RSA is PKCS #1 v1.5 with SHA-256.
 */
public final class VerifyingKey {
    static final List<String> FAMILIES = List.of("EC", "Ed25519", "RSA");
    private static final int LEAST_RSA = 2048;
    private static final int LINE = 64;

    private final PublicKey key;
    private final String algorithm;

    /** Wraps a key whose algorithm is known. */
    VerifyingKey(PublicKey key, String algorithm) {
        this.key = key;
        this.algorithm = algorithm;
    }

    /**
     * Reads a public key.
     *
     * @param file
     *            a PEM file with a block PUBLIC KEY (SubjectPublicKeyInfo)
     * @return the key
     * @throws FormatException
     *             if it holds anything else
     * @throws IOException
     *             if it cannot be read
     */
    public static VerifyingKey read(Path file) throws IOException {
        byte[] der = PemFile.read(file).bytes("PUBLIC KEY",
                "'openssl pkey -in KEY -pubout' prints the public key of a private one, 'openssl x509 -pubkey -noout' that of a certificate");
        for (String family : FAMILIES) {
            try {
                PublicKey key = KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(der));
                return new VerifyingKey(key, algorithm(file, key));
            } catch (InvalidKeySpecException e) {
                // of another family
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e); // every JDK has these
            }
        }
        throw new FormatException(file, "holds no key of a supported kind (Ed25519, EC on P-256, P-384 or P-521, RSA)");
    }

    /** {@return the signature algorithm for a key, by the JDK's name} */
    static String algorithm(Path file, Object key) throws FormatException {
        if (key instanceof ECKey ec) {
            return switch (ec.getParams().getOrder().bitLength()) {
                case 256 -> "SHA256withECDSA";
                case 384 -> "SHA384withECDSA";
                case 521 -> "SHA512withECDSA";
                default -> throw new FormatException(file, "holds a key on a curve that is not supported");
            };
        }
        if (key instanceof RSAKey rsa) {
            if (rsa.getModulus().bitLength() < LEAST_RSA) {
                throw new FormatException(file,
                        "holds an RSA key of " + rsa.getModulus().bitLength() + " bits; at least " + LEAST_RSA
                                + " are needed");
            }
            return "SHA256withRSA";
        }
        return "Ed25519";
    }

    /** {@return the signature algorithm by the JDK's name, such as SHA256withECDSA} */
    public String algorithm() {
        return algorithm;
    }

    /** {@return whether this is a key on an elliptic curve for ECDSA} */
    public boolean isEc() {
        return key instanceof ECKey;
    }

    /** {@return SHA-256 of the key's SubjectPublicKeyInfo in DER, in hexadecimal} */
    public String fingerprint() {
        return Digests.hex(key.getEncoded());
    }

    /** {@return SHA-256 of the key's PEM form, in hexadecimal, by which a model's signature names it} */
    String pemFingerprint() {
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(LINE, new byte[]{'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        return Digests.hex(pem.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * {@return whether a signature is this key's}
     *
     * @param content
     *            what was signed
     * @param signature
     *            its signature: DER for ECDSA, else raw bytes
     */
    public boolean verifies(byte[] content, byte @Nullable [] signature) {
        if (signature == null) {
            return false;
        }
        try {
            Signature s = Signature.getInstance(algorithm);
            s.initVerify(key);
            s.update(content);
            return s.verify(signature);
        } catch (SignatureException e) {
            return false; // not the form of a signature
        } catch (InvalidKeyException e) {
            return false; // a point that is not on its curve
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has these algorithms
        }
    }
}
