package radedit.signature;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;

import radedit.safetensors.FormatException;

/** A private key of the kinds of {@link VerifyingKey}. Keys are read, never made or kept. */
public final class SigningKey {
    private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

    private final PrivateKey key;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey key, VerifyingKey verifying) {
        this.key = key;
        this.verifying = verifying;
    }

    /**
     * Reads a private key.
     *
     * @param file
     *            a PEM file with a block PRIVATE KEY (PKCS #8, not encrypted)
     * @return the key
     * @throws FormatException
     *             if it holds anything else
     * @throws IOException
     *             if it cannot be read
     */
    public static SigningKey read(Path file) throws IOException {
        byte[] der = PemFile.read(file).bytes("PRIVATE KEY",
                "'openssl pkcs8 -topk8 -nocrypt -in KEY' prints a private key in this form");
        for (String family : VerifyingKey.FAMILIES) {
            try {
                PrivateKey key = KeyFactory.getInstance(family).generatePrivate(new PKCS8EncodedKeySpec(der));
                String algorithm = VerifyingKey.algorithm(file, key);
                SigningKey s = new SigningKey(key, new VerifyingKey(publicKey(key), algorithm));
                if (!s.verifying.verifies(PROBE, s.sign(PROBE))) {
                    throw new FormatException(file, "holds a key whose signatures do not verify");
                }
                return s;
            } catch (InvalidKeySpecException e) {
                // of another family
            } catch (GeneralSecurityException | ArithmeticException | IllegalStateException e) {
                throw new FormatException(file, "holds a key that cannot be used: " + e.getMessage());
            }
        }
        throw new FormatException(file,
                "holds no key of a supported kind (Ed25519, EC on P-256, P-384 or P-521, RSA with its primes)");
    }

    private static PublicKey publicKey(PrivateKey key) throws GeneralSecurityException {
        return switch (key) {
            case ECPrivateKey ec -> KeyFactory.getInstance("EC").generatePublic(
                    new ECPublicKeySpec(CurvePoints.multiple(ec.getS(), ec.getParams()), ec.getParams()));
            case RSAPrivateCrtKey rsa -> KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            case EdECPrivateKey ed -> edwards(ed.getBytes()
                    .orElseThrow(() -> new InvalidKeySpecException("no bytes")));
            default -> throw new InvalidKeySpecException("no public exponent");
        };
    }

    /** A generator of Ed25519 keys draws the private key's 32 bytes, and no more. */
    private static PublicKey edwards(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator g = KeyPairGenerator.getInstance("Ed25519");
        g.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                if (bytes.length != seed.length) {
                    throw new IllegalStateException("unexpected draw of " + bytes.length + " bytes");
                }
                System.arraycopy(seed, 0, bytes, 0, seed.length);
            }
        });
        return g.generateKeyPair().getPublic();
    }

    /** {@return its public key} */
    public VerifyingKey publicKey() {
        return verifying;
    }

    /**
     * {@return the signature of a content: DER for ECDSA, else raw bytes}
     *
     * @param content
     *            what to sign
     */
    public byte[] sign(byte[] content) {
        try {
            Signature s = Signature.getInstance(verifying.algorithm());
            s.initSign(key);
            s.update(content);
            return s.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
