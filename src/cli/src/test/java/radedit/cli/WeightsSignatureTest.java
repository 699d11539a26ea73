package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** radedit weights sign and verify-signature. */
class WeightsSignatureTest {
    @TempDir
    Path temp;
    private Path model;
    private Path key;
    private Path publicKey;

    @BeforeEach
    void make() throws IOException, GeneralSecurityException {
        model = Files.createDirectories(temp.resolve("model/unet")).getParent();
        Files.writeString(model.resolve("unet/weights"), "weights");
        Files.writeString(model.resolve("config.json"), "{}");
        KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
        g.initialize(256);
        KeyPair pair = g.generateKeyPair();
        key = pem("k.pem", "PRIVATE KEY", pair.getPrivate().getEncoded());
        publicKey = pem("k-pub.pem", "PUBLIC KEY", pair.getPublic().getEncoded());
    }

    private Path pem(String name, String label, byte[] der) throws IOException {
        return Files.writeString(temp.resolve(name), "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label + "-----\n");
    }

    private Outcome verify(Path signature, Object... more) {
        Object[] words = {"weights", "verify-signature", model, "--signature", signature, "--public-key", publicKey};
        Object[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return run(all);
    }

    @Test
    void aSignatureInTheModelsFolder() throws IOException {
        Path signature = model.resolve("model.sig");
        Files.writeString(model.resolve("notes"), "n");
        assertEquals(0, run("weights", "sign", model, "--key", key, "-o", signature, "--ignore-paths",
                model.resolve("notes")).code());
        assertEquals("2 files are as signed\n", verify(signature).out());
        // Signing again replaces a signature.
        assertEquals(0, run("weights", "sign", model, "--key", key, "-o", signature).code());
        assertEquals("3 files are as signed\n", verify(signature).out());

        Files.writeString(model.resolve("unet/weights"), "Weights");
        Files.delete(model.resolve("config.json"));
        Files.writeString(model.resolve("more"), "");
        Outcome o = verify(signature);
        assertEquals(6, o.code());
        assertEquals("changed: unet/weights\nmissing: config.json\nnot signed: more\n", o.out());
        JsonNode d = new ObjectMapper().readTree(verify(signature, "--json").out());
        assertEquals("false true [\"more\"]", d.get("holds") + " " + d.get("signature_valid") + " " + d.get("extra"));
    }

    /** A signature of one file is not that of the folder which has it, and the other way round. */
    @Test
    void oneFileIsNoFolder() throws IOException {
        Path folder = model;
        Path ofFile = temp.resolve("file.sig");
        Path ofFolder = temp.resolve("folder.sig");
        Path file = folder.resolve("config.json");
        assertEquals(0, run("weights", "sign", file, "--key", key, "-o", ofFile).code());
        assertEquals(0, run("weights", "sign", folder, "--key", key, "-o", ofFolder).code());
        Outcome o = verify(ofFile);
        assertEquals(6, o.code());
        assertTrue(o.err().contains("which was one file: name that instead of a folder"), o.err());
        model = file;
        assertEquals(0, verify(ofFile).code());
        o = verify(ofFolder);
        assertEquals(6, o.code());
        assertTrue(o.err().contains("which was a folder: name that instead of one file"), o.err());
    }

    @Test
    void filesThatWereNotSigned() throws IOException {
        Path signature = temp.resolve("model.sig");
        assertEquals(0, run("weights", "sign", model, "--key", key, "-o", signature).code());
        Files.writeString(model.resolve("more"), "");
        assertEquals(6, verify(signature).code());
        assertEquals("not signed, ignored: more\n2 files are as signed\n",
                verify(signature, "--ignore-unsigned-files").out());
        assertEquals(0, verify(signature, "--ignore-paths", model.resolve("more")).code());
        assertRefused(2, verify(signature, "--ignore-paths", temp), "is not in");
    }

    @Test
    void anotherKey() throws IOException, GeneralSecurityException {
        Path signature = temp.resolve("model.sig");
        assertEquals(0, run("weights", "sign", model, "--key", key, "-o", signature).code());
        make();
        Outcome o = verify(signature);
        assertRefused(6, o, "another key");
        assertEquals("", o.out());
        assertEquals("{\"holds\":false,\"signature_valid\":false}",
                new ObjectMapper().readTree(verify(signature, "--json").out()).toString());
    }

    @Test
    void refusals() throws IOException {
        Path signature = temp.resolve("model.sig");
        Path config = model.resolve("config.json");
        assertRefused(2, run("weights", "sign", model, "--key", key, "-o", config), "is not a model's signature");
        assertEquals("{}", Files.readString(config));
        assertRefused(2, run("weights", "sign", model, "--key", key, "-o", key), "choose another name");
        assertRefused(3, run("weights", "sign", model, "--key", publicKey, "-o", signature), "not PRIVATE KEY");
        assertRefused(3, run("weights", "sign", model, "--key", temp.resolve("no"), "-o", signature), "no such file");
        assertRefused(4, run("weights", "sign", temp.resolve("no"), "--key", key, "-o", signature), "no such file");
        assertRefused(3, verify(config), "not the signature of a model");
        Files.createSymbolicLink(model.resolve("link"), config);
        assertRefused(3, run("weights", "sign", model, "--key", key, "-o", signature), "is a link");
        assertEquals(0, run("weights", "sign", model, "--key", key, "-o", signature, "--allow-symlinks").code());
        assertTrue(verify(signature).code() == 3 && verify(signature, "--allow-symlinks").code() == 0);
    }
}
