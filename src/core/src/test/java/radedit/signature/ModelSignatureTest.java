package radedit.signature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.safetensors.FormatException;
import radedit.signature.ModelStatement.Differences;
import radedit.testdata.TestData;

/** Signatures of models, with those of the reference implementation. */
class ModelSignatureTest {
    private static final Path DATA = TestData.resource("/model-signing");
    private static final Differences NONE = new Differences(List.of(), List.of(), List.of());

    @TempDir
    Path temp;
    private Path model;

    /** The model that make.py of the test data signs. */
    @BeforeEach
    void makeModel() throws IOException {
        model = Files.createDirectories(temp.resolve("model"));
        Files.createDirectories(model.resolve("unet"));
        Files.createDirectories(model.resolve(".github"));
        byte[] w = new byte[1024];
        for (int i = 0; i < w.length; i++) {
            w[i] = (byte) i;
        }
        Files.write(model.resolve("unet/w.bin"), w);
        Files.writeString(model.resolve("unet.json"), "{}");
        Files.createFile(model.resolve("empty"));
        Files.writeString(model.resolve("é x"), "x");
        Files.writeString(model.resolve(".gitattributes"), "x");
        Files.writeString(model.resolve(".github/a"), "x");
        Files.writeString(model.resolve("notes.txt"), "n");
    }

    private static ModelStatement verified(Path signature, Path key) throws IOException, SignatureException {
        return ModelSignature.read(signature).verified(VerifyingKey.read(key));
    }

    private static Differences differences(ModelStatement s, Path model) throws IOException {
        return s.differences(new ModelFiles(model, false), n -> {});
    }

    @ParameterizedTest
    @CsvSource({"v0.3.1-elliptic-key,signme-1", "v1.0.0-elliptic-key,signme-1", "v1.0.1-elliptic-key,",
            "v1.1.0-elliptic-key,"})
    void thePublicTestData(String version, String file) throws IOException, SignatureException {
        Path folder = DATA.resolve(version);
        ModelStatement s = verified(folder.resolve("model.sig"), DATA.resolve("signing-key-pub.pem"));
        ModelFiles files = new ModelFiles(file == null ? folder : folder.resolve(file), false);
        files.ignore(folder.resolve("ignore-me"));
        files.ignore(folder.resolve("model.sig"));
        assertEquals(NONE, s.differences(files, n -> {}));
        assertThrows(SignatureException.class,
                () -> verified(folder.resolve("model.sig"), DATA.resolve("v1.1.1/p384-pub.pem")));
    }

    @ParameterizedTest
    @CsvSource({"p256,p256", "p384,p384", "p521,p521", "shards,p256", "withgit,p256"})
    void whatTheReferenceImplementationSigned(String name, String key) throws IOException, SignatureException {
        ModelStatement s = verified(DATA.resolve("v1.1.1/" + name + ".sig"),
                DATA.resolve("v1.1.1/" + key + "-pub.pem"));
        assertEquals(NONE, differences(s, model));

        Files.write(model.resolve("unet/w.bin"), new byte[1024]);
        Files.delete(model.resolve("é x"));
        Files.writeString(model.resolve("unet/extra"), "");
        Files.writeString(model.resolve("unet/more"), "m");
        boolean pieces = name.equals("shards");
        assertEquals(new Differences(
                pieces
                        ? List.of("unet/w.bin:0:300", "unet/w.bin:300:600", "unet/w.bin:600:900", "unet/w.bin:900:1024")
                        : List.of("unet/w.bin"),
                List.of(pieces ? "é x:0:1" : "é x"),
                pieces ? List.of("unet/more:0:1") : List.of("unet/extra", "unet/more")), differences(s, model));
    }

    @Test
    void oneFile() throws IOException, SignatureException {
        ModelStatement s = verified(DATA.resolve("v1.1.1/onefile.sig"), DATA.resolve("v1.1.1/p256-pub.pem"));
        assertEquals(NONE, differences(s, model.resolve("unet.json")));
        assertEquals(List.of("."), differences(s, model.resolve("notes.txt")).changed());
        assertEquals(List.of("."), differences(s, model).missing());
    }

    @Test
    void onlySha256() {
        FormatException e = assertThrows(FormatException.class,
                () -> verified(DATA.resolve("v1.1.1/blake2.sig"), DATA.resolve("v1.1.1/p256-pub.pem")));
        assertTrue(e.fault().contains("blake2b"), e.fault());
    }

    private Path sign(ModelFiles files, String key) throws IOException {
        Path file = temp.resolve("model.sig");
        ModelSignature signature = ModelSignature.sign(files, SigningKey.read(temp.resolve(key + ".pem")), n -> {},
                file);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        signature.writeTo(out);
        return Files.write(file, out.toByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void ours(String curve) throws IOException, GeneralSecurityException {
        Keys.write(temp, "k", curve);
        Keys.write(temp, "other", curve);
        ModelFiles files = new ModelFiles(model, false);
        assertTrue(files.ignore(model.resolve("notes.txt")));
        assertFalse(files.ignore(temp));
        assertFalse(files.ignore(model));
        Path file = sign(files, "k");
        ModelStatement s = verified(file, temp.resolve("k-pub.pem"));
        assertEquals(List.of("empty", "unet/w.bin", "unet.json", "é x"), List.copyOf(s.hashes().keySet()));
        assertEquals(List.of(".git", ".gitattributes", ".github", ".gitignore", "notes.txt"), s.ignored());
        assertEquals(NONE, differences(s, model));
        SignatureException e = assertThrows(SignatureException.class,
                () -> verified(file, temp.resolve("other-pub.pem")));
        assertTrue(e.getMessage().contains("another key"), e.getMessage());
    }

    @Test
    void otherKindsOfKeysSignNoModel() throws IOException, GeneralSecurityException {
        Keys.write(temp, "k", "Ed25519");
        assertThrows(IllegalArgumentException.class, () -> sign(new ModelFiles(model, false), "k"));
    }

    @Test
    void links() throws IOException, GeneralSecurityException {
        Keys.write(temp, "k", "secp256r1");
        Files.createSymbolicLink(model.resolve("link"), Path.of("unet.json"));
        FormatException e = assertThrows(FormatException.class, () -> sign(new ModelFiles(model, false), "k"));
        assertTrue(e.fault().contains("is a link"), e.fault());
        ModelStatement s = verified(sign(new ModelFiles(model, true), "k"), temp.resolve("k-pub.pem"));
        assertEquals(s.hashes().get("unet.json"), s.hashes().get("link"));
        Files.createSymbolicLink(model.resolve("folder"), Path.of("unet"));
        assertThrows(FormatException.class, () -> sign(new ModelFiles(model, true), "k"));
    }

    /** A bundle around any payload, with a valid signature. */
    private Path bundle(String payload) throws IOException, GeneralSecurityException {
        Keys.write(temp, "k", "secp256r1");
        byte[] p = payload.getBytes(StandardCharsets.UTF_8);
        byte[] pae = ("DSSEv1 28 application/vnd.in-toto+json " + p.length + " " + payload)
                .getBytes(StandardCharsets.UTF_8);
        Base64.Encoder b = Base64.getEncoder();
        return Files.writeString(temp.resolve("b.sig"),
                "{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{\"publicKey\":{}},"
                        + "\"dsseEnvelope\":{\"payload\":\"" + b.encodeToString(p)
                        + "\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":\""
                        + b.encodeToString(SigningKey.read(temp.resolve("k.pem")).sign(pae)) + "\"}]}}");
    }

    @Test
    void statementsThatAreNone() throws IOException, GeneralSecurityException {
        String hash = "00".repeat(32);
        String start = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"https://model_signing/signature/v1.0\",";
        String files = "\"subject\":[{\"name\":\"m\",\"digest\":{\"sha256\":\"" + hash
                + "\"}}],\"predicate\":{\"serialization\":{\"method\":\"files\",\"hash_type\":\"sha256\"},\"resources\":[";
        String entry = "{\"name\":\"../a\",\"algorithm\":\"sha256\",\"digest\":\"" + hash + "\"}";
        for (String[] c : new String[][]{{"{}", "no in-toto statement"}, {"[", "not valid JSON"},
                {start.replace("v1.0", "v2.0") + files + "]}}", "expected https://model_signing/signature/v1.0"},
                {start + files + entry + "," + entry + "]}}", "twice"}, {start + files + entry + "]}}", "hash of all"},
                {start + files.replace("files", "tars") + "]}}", "'tars'"},
                {start + files.replace("files", "shards") + "]}}", "shard_size"},
                {start + files + entry.replace(hash, "00") + "]}}", "damaged"},
                {start + start.substring(1) + files + "]}}", "Duplicate"}}) {
            Path file = bundle(c[0]);
            FormatException e = assertThrows(FormatException.class, () -> verified(file, temp.resolve("k-pub.pem")),
                    c[0]);
            assertTrue(e.fault().contains(c[1]), e.fault());
        }
    }

    @Test
    void filesThatAreNoSignature() throws IOException {
        String good = Files.readString(DATA.resolve("v1.1.1/p256.sig"));
        for (String[] c : new String[][]{{"{}", "is not the signature of a model"},
                {good.replace("v0.3", "v0.9"), "v0.9"}, {good.replace("publicKey", "certificate"), "certificate"},
                {good.replace("publicKey", "other"), "nothing of its key"},
                {good.replace("in-toto", "x"), "not one signature"},
                {good.replaceFirst("\"signatures\":\\[", "\"signatures\":[{},"), "not one signature"},
                {good.replaceFirst("\"payload\":\"", "\"payload\":\"?"), "base64"}, {good.substring(0, 400), "JSON"},
                {"[".repeat(100_000), "JSON"}}) {
            Path file = Files.writeString(temp.resolve("bad.sig"), c[0]);
            FormatException e = assertThrows(FormatException.class, () -> ModelSignature.read(file));
            assertTrue(e.fault().contains(c[1]), e.fault());
        }
        assertTrue(assertThrows(FormatException.class,
                () -> ModelSignature.read(DATA.resolve("v0.2.0-certificate/model.sig"))).fault()
                .contains("certificate"));
    }

    @Test
    void anythingChangedInWhatWasSigned() throws IOException {
        String good = Files.readString(DATA.resolve("v1.1.1/p256.sig"));
        int at = good.indexOf("\"payload\":\"") + 100;
        String bad = good.substring(0, at) + (good.charAt(at) == 'A' ? 'B' : 'A') + good.substring(at + 1);
        Path file = Files.writeString(temp.resolve("bad.sig"), bad);
        assertThrows(SignatureException.class, () -> verified(file, DATA.resolve("v1.1.1/p256-pub.pem")));
    }
}
