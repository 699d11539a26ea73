package radedit.signature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Keys for tests, made when they are wanted. */
final class Keys {
    private Keys() {
    }

    static KeyPair pair(String kind) throws GeneralSecurityException {
        boolean ec = kind.startsWith("secp");
        boolean rsa = kind.startsWith("RSA");
        KeyPairGenerator g = KeyPairGenerator.getInstance(ec ? "EC" : rsa ? "RSA" : kind);
        if (ec) {
            g.initialize(new ECGenParameterSpec(kind));
        } else if (rsa) {
            g.initialize(Integer.parseInt(kind.substring(3)));
        }
        return g.generateKeyPair();
    }

    static Path pem(Path file, String label, byte[] der) throws IOException {
        return Files.writeString(file, "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n");
    }

    /** Writes NAME.pem and NAME-pub.pem. */
    static KeyPair write(Path folder, String name, String kind) throws IOException, GeneralSecurityException {
        KeyPair p = pair(kind);
        pem(folder.resolve(name + ".pem"), "PRIVATE KEY", p.getPrivate().getEncoded());
        pem(folder.resolve(name + "-pub.pem"), "PUBLIC KEY", p.getPublic().getEncoded());
        return p;
    }
}
