package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.certificate.CertificateCheck;
import radedit.certificate.Check;
import radedit.digest.Digests;
import radedit.signature.SigningKey;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/** Certificates are written whole, hold what they say, and every change is found. */
class AuditCertificateTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;

    @TempDir
    Path temp;
    private Path png;
    private Path trace;
    private Path certificate;

    @BeforeAll
    static void generate() {
        Outcome o = run("generate", "Cardiomegaly", "--model", MODEL, "--steps", 1, "-o", shared.resolve("a.png"),
                "--trace", shared.resolve("a.jsonl.gz"), "--trace-level", "stats");
        assertEquals(0, o.code(), o.err());
    }

    @BeforeEach
    void copy() throws IOException {
        png = Files.copy(shared.resolve("a.png"), temp.resolve("a.png"));
        trace = Files.copy(shared.resolve("a.jsonl.gz"), temp.resolve("a.jsonl.gz"));
        certificate = temp.resolve("c");
    }

    private void certify(Object... more) {
        List<Object> words = new ArrayList<>(List.of("audit", "certify", png, "--trace", trace, "-o", certificate));
        words.addAll(Arrays.asList(more));
        Outcome o = run(words.toArray());
        assertEquals(0, o.code(), o.err());
    }

    /** The outcome of each check, by its name. */
    private Map<String, String> checks(int code, Object... more) throws IOException {
        List<Object> words = new ArrayList<>(List.of("audit", "verify", certificate));
        words.addAll(Arrays.asList(more));
        words.add("--json");
        Outcome o = run(words.toArray());
        assertEquals(code, o.code(), o.out() + o.err());
        JsonNode document = JSON.readTree(o.out());
        assertEquals(code == 0, document.get("holds").asBoolean());
        Map<String, String> all = new TreeMap<>();
        document.get("checks").forEach(c -> all.put(c.get("check").asText(), c.get("outcome").asText()));
        return all;
    }

    private Path key(String name) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        pem(name + "-pub.pem", "PUBLIC KEY", pair.getPublic().getEncoded());
        return pem(name + ".pem", "PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    private Path pem(String name, String label, byte[] der) throws IOException {
        return Files.writeString(temp.resolve(name), "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label + "-----\n");
    }

    @Test
    void whatACertificateHolds() throws IOException {
        Path report = Files.writeString(temp.resolve("local.json"),
                "{\"backend\":\"cpu\",\"holds\":true,\"operations\":[{},{}]}");
        certify("--report", report);
        JsonNode c = JSON.readTree(certificate.resolve("certificate.json").toFile());
        JsonNode picture = c.get("pictures").get(0);
        assertEquals("pictures/a.png", picture.get("file").asText());
        assertEquals(Digests.hex("SHA-256", png), picture.get("sha256").asText());
        assertEquals(JSON.readTree(run("show", png, "--json").out()), picture.get("settings"));
        assertEquals(picture.get("settings").get("model").get("sha256"), picture.get("weights_sha256").get(0));
        JsonNode t = c.get("traces").get(0);
        assertEquals(Digests.hex("SHA-256", trace), t.get("sha256").asText());
        assertEquals("stats", t.get("level").asText());
        assertEquals(0, t.get("networks").get("unet").get("nan").asInt());
        assertTrue(t.get("networks").get("unet").get("largest").asDouble() > 0);
        assertTrue(t.get("host").size() > 0 && t.get("host").get(0).get("hash").asText().matches("[0-9a-f]{16}"));
        assertTrue(t.get("run").toString().contains("\"processor\""), t.get("run").toString());
        JsonNode r = c.get("reports").get(0);
        assertEquals("{\"backend\":\"cpu\",\"holds\":true}", r.get("says").toString());
        assertEquals(2, r.get("results").get("operations").asInt());
        JsonNode bom = JSON.readTree(certificate.resolve("sbom.json").toFile());
        assertEquals("CycloneDX 1.6", bom.get("bomFormat").asText() + " " + bom.get("specVersion").asText());
        assertTrue(bom.get("components").size() > 5);
        bom.get("components").forEach(j -> {
            if (j.get("name").asText().equals("jackson-databind")) {
                assertEquals("Apache-2.0", j.get("licenses").get(0).get("license").get("id").asText());
            }
        });
        StringBuilder sums = new StringBuilder();
        for (String name : List.of("certificate.json", "sbom.json", "pictures/a.png", "traces/a.jsonl.gz",
                "reports/local.json")) {
            sums.append(Digests.hex("SHA-256", certificate.resolve(name))).append("  ").append(name).append('\n');
        }
        assertEquals(sums.toString(), Files.readString(certificate.resolve("SHA256SUMS")));
        assertEquals(Map.of("SHA256SUMS", "holds", "signature", "unchecked", "bill of materials", "holds",
                "picture pictures/a.png", "holds", "trace traces/a.jsonl.gz", "holds", "report reports/local.json",
                "holds"), checks(0));
        // The same again is the same, to the bit.
        String first = Files.readString(certificate.resolve("SHA256SUMS"));
        certificate = temp.resolve("again");
        certify("--report", report);
        assertEquals(first, Files.readString(certificate.resolve("SHA256SUMS")));
    }

    /** Hashes, statistics and values of one run have the same counts. */
    @Test
    void everyLevelOfTraces() throws IOException {
        certify();
        JsonNode stats = JSON.readTree(certificate.resolve("certificate.json").toFile()).get("traces").get(0);
        for (String[] level : new String[][]{{"hash", "b.jsonl.gz"}, {"slice", "b.jsonl.gz"},
                {"full", "b.safetensors"}}) {
            trace = temp.resolve(level[1]);
            certificate = temp.resolve("c-" + level[0]);
            assertEquals(0, run("generate", "Cardiomegaly", "--model", MODEL, "--steps", 1, "-o", png, "--trace", trace,
                    "--trace-level", level[0]).code());
            certify();
            JsonNode other = JSON.readTree(certificate.resolve("certificate.json").toFile()).get("traces").get(0);
            assertEquals(level[0], other.get("level").asText());
            assertEquals(stats.get("host"), other.get("host"), level[0]);
            JsonNode unet = other.get("networks").get("unet");
            if (level[0].equals("hash")) {
                assertFalse(unet.has("largest"));
                assertEquals(stats.get("networks").get("unet").get("values"), unet.get("values"));
            } else {
                assertEquals(stats.get("networks").get("unet"), unet, level[0]);
            }
            assertEquals("holds", checks(0).get("trace traces/" + level[1]));
        }
    }

    @Test
    void signatures() throws IOException, GeneralSecurityException {
        Path key = key("k");
        key("other");
        certify("--key", key);
        assertEquals("unchecked", checks(0).get("signature"));
        assertEquals("holds", checks(0, "--public-key", temp.resolve("k-pub.pem")).get("signature"));
        assertEquals("failed", checks(6, "--public-key", temp.resolve("other-pub.pem")).get("signature"));
        // Somebody else's signature under the name of the first.
        Path sums = certificate.resolve("SHA256SUMS");
        Path signature = certificate.resolve("SHA256SUMS.sig");
        byte[] good = Files.readAllBytes(signature);
        Files.write(signature, SigningKey.read(temp.resolve("other.pem"))
                .sign(Files.readAllBytes(sums)));
        assertEquals("failed", checks(6, "--public-key", temp.resolve("k-pub.pem")).get("signature"));
        assertEquals("failed", checks(6, "--public-key", temp.resolve("other-pub.pem")).get("signature"));
        Files.write(signature, new byte[100_000]);
        assertEquals("failed", checks(6).get("signature"));
        Files.delete(signature);
        assertEquals("failed", checks(6).get("signature"));
        Files.write(signature, good);
        // Whoever changes a file and its sum does not have the key.
        Files.writeString(certificate.resolve("sbom.json"), "{\"bomFormat\":\"CycloneDX\",\"components\":[]}");
        Files.writeString(sums, Files.readString(sums).replaceFirst("[0-9a-f]{64}  sbom.json",
                Digests.hex("SHA-256", certificate.resolve("sbom.json")) + "  sbom.json"));
        Map<String, String> checks = checks(6, "--public-key", temp.resolve("k-pub.pem"));
        assertEquals("failed failed", checks.get("signature") + " " + checks.get("bill of materials"));
    }

    @Test
    void notSigned() throws IOException, GeneralSecurityException {
        certify();
        key("k");
        assertEquals("failed", checks(6, "--public-key", temp.resolve("k-pub.pem")).get("signature"));
    }

    /** Gives a file its right sum again, as a forger would. */
    private void sum(String name) throws IOException {
        Path sums = certificate.resolve("SHA256SUMS");
        Files.writeString(sums, Files.readString(sums).replaceFirst("[0-9a-f]{64}  " + name,
                Digests.hex("SHA-256", certificate.resolve(name)) + "  " + name));
    }

    @Test
    void changedFiles() throws IOException {
        certify();
        Path copy = certificate.resolve("pictures/a.png");
        byte[] good = Files.readAllBytes(copy);
        Files.delete(copy);
        assertEquals("failed", checks(6).get("file pictures/a.png"));
        assertEquals("failed", checks(6).get("picture pictures/a.png"));
        // Another picture of this program, with a right sum.
        assertEquals(0,
                run("generate", "Cardiomegaly", "--model", MODEL, "--steps", 1, "--seed", 2, "-o", copy).code());
        assertEquals("failed", checks(6).get("file pictures/a.png"));
        sum("pictures/a.png");
        assertEquals("holds failed",
                checks(6).get("SHA256SUMS") + " " + checks(6).get("picture pictures/a.png"));
        Files.write(copy, good);
        sum("pictures/a.png");
        assertEquals("holds", checks(0).get("picture pictures/a.png"));
        // A trace that was cut.
        Path t = certificate.resolve("traces/a.jsonl.gz");
        Files.write(t, Arrays.copyOf(Files.readAllBytes(t), (int) Files.size(t) / 2));
        sum("traces/a.jsonl.gz");
        assertEquals("failed", checks(6).get("trace traces/a.jsonl.gz"));
        Files.copy(trace, t, StandardCopyOption.REPLACE_EXISTING);
        sum("traces/a.jsonl.gz");
        // Other numbers in the certificate.
        Path file = certificate.resolve("certificate.json");
        ObjectNode c = (ObjectNode) JSON.readTree(file.toFile());
        ((ObjectNode) c.get("traces").get(0).get("networks").get("unet")).put("largest", 1.5);
        ((ObjectNode) c.get("pictures").get(0).get("settings")).put("prompt", "No finding");
        JSON.writeValue(file.toFile(), c);
        sum("certificate.json");
        assertEquals("failed failed", checks(6).get("trace traces/a.jsonl.gz") + " "
                + checks(6).get("picture pictures/a.png"));
    }

    /** Each file of a signed certificate changed in its first, middle and last byte, cut, emptied and removed. */
    @Test
    void everyFileCounts() throws IOException, GeneralSecurityException {
        Path report = Files.writeString(temp.resolve("local.json"), "{\"holds\":true}");
        certify("--report", report, "--key", key("k"));
        Path publicKey = temp.resolve("k-pub.pem");
        assertFalse(checks(0, "--public-key", publicKey).containsValue("failed"));
        List<Path> files;
        try (Stream<Path> all = Files.walk(certificate)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        assertEquals(7, files.size(), files.toString());
        for (Path file : files) {
            String name = certificate.relativize(file).toString().replace('\\', '/');
            byte[] good = Files.readAllBytes(file);
            byte[] changed = good.clone();
            changed[good.length / 2] ^= 1;
            for (byte[] b : List.of(changed, Arrays.copyOf(good, good.length - 1))) {
                Files.write(file, b);
                assertNamed(name, publicKey);
            }
            Files.delete(file);
            assertNamed(name, publicKey);
            Files.write(file, good);
        }
        assertFalse(checks(0, "--public-key", publicKey).containsValue("failed"));
    }

    /** That verify says of a file that is not as certified, by itself or by what depends on it. */
    private void assertNamed(String name, Path publicKey) {
        Outcome o = run("audit", "verify", certificate, "--public-key", publicKey);
        assertTrue(o.code() == 6 || o.code() == 3, name + ": " + o.code() + o.out() + o.err());
        String said = o.out() + o.err();
        assertTrue(name.startsWith("SHA256SUMS")
                ? said.contains("SHA256SUMS") || said.contains("signature")
                : said.contains(name), said);
    }

    /** Folders that are empty have no sum, and are no part of a certificate. */
    @Test
    void emptyFolders() throws IOException {
        certify();
        for (String name : List.of("more", "pictures/more", "traces/a/b", "reports", "a/b/c/d")) {
            Path folder = Files.createDirectories(certificate.resolve(name));
            Map<String, String> checks = checks(6);
            assertTrue(checks.entrySet().stream().anyMatch(e -> e.getValue().equals("failed")
                    && e.getKey().matches("(folder|file) .*") && name.startsWith(e.getKey().replaceFirst("\\w+ ", ""))),
                    checks::toString);
            while (!folder.equals(certificate) && isEmpty(folder)) {
                Files.delete(folder);
                folder = folder.getParent();
            }
        }
        assertFalse(checks(0).containsValue("failed"));
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void filesOfOthers() throws IOException {
        certify();
        Files.writeString(certificate.resolve("pictures/more.png"), "x");
        assertEquals("failed", checks(6).get("file pictures/more.png"));
        Files.delete(certificate.resolve("pictures/more.png"));
        Path copy = certificate.resolve("pictures/a.png");
        Files.delete(copy);
        Files.createSymbolicLink(copy, png);
        assertEquals("failed", checks(6).get("file pictures/a.png"));
        Files.delete(copy);
        Files.delete(certificate.resolve("pictures"));
        Files.createSymbolicLink(certificate.resolve("pictures"), temp);
        assertEquals("failed", checks(6).get("picture pictures/a.png"));
    }

    @Test
    void withoutCopies() throws IOException {
        certify("--no-copies");
        assertFalse(Files.exists(certificate.resolve("pictures")));
        assertFalse(Files.exists(certificate.resolve("traces")));
        assertEquals("unchecked", checks(0).get("picture pictures/a.png"));
        Map<String, String> checks = checks(0, png, trace);
        assertEquals("holds holds", checks.get("picture pictures/a.png") + " " + checks.get("trace traces/a.jsonl.gz"));
        Path other = Files.writeString(temp.resolve("other"), "x");
        assertEquals("failed", checks(6, other).get("file " + other));
    }

    @Test
    void whatIsNoCertificate() throws IOException {
        certify();
        assertRefused(3, run("audit", "verify", temp.resolve("none")), "no such folder");
        assertRefused(3, run("audit", "verify", temp), "SHA256SUMS");
        assertRefused(3, run("audit", "verify", png), "not a folder");
        Path sums = certificate.resolve("SHA256SUMS");
        String good = Files.readString(sums);
        String hash = "0".repeat(64);
        for (String[] bad : new String[][]{{hash + "  ../a.png", "outside"}, {hash + "  /etc/passwd", "outside"},
                {hash + "  a/../../b", "outside"}, {hash + "  a\\..\\b", "outside"}, {hash + "  C:x", "outside"},
                {hash + "  ./a", "outside"}, {hash + "  sbom.json", "twice"}, {"\\" + hash + "  a", "format"},
                {hash.substring(1) + "  a", "format"}, {"", "format"}}) {
            Files.writeString(sums, good + bad[0] + "\n");
            assertRefused(3, run("audit", "verify", certificate), bad[1]);
        }
        Files.writeString(sums, good);
        Path file = certificate.resolve("certificate.json");
        for (String bad : List.of("{}", "[]", "{\"radedit_certificate\":2}", "{", "[".repeat(100_000),
                "{\"radedit_certificate\":1,\"radedit_certificate\":1}")) {
            Files.writeString(file, bad);
            assertRefused(3, run("audit", "verify", certificate), "certificate.json");
        }
        Files.delete(file);
        assertRefused(3, run("audit", "verify", certificate), "certificate.json");
        Files.createSymbolicLink(file, png);
        assertRefused(3, run("audit", "verify", certificate), "certificate.json");
    }

    /** Entries that lead elsewhere are not followed, and those that are damaged fail. */
    @Test
    void hostileEntries() throws IOException {
        certify();
        Path file = certificate.resolve("certificate.json");
        ObjectNode good = (ObjectNode) JSON.readTree(file.toFile());
        for (String name : List.of("../a.png", png.toString(), "", "a\u0007b", "pictures/a.png/x")) {
            ObjectNode c = good.deepCopy();
            ((ObjectNode) c.get("pictures").get(0)).put("file", name);
            JSON.writeValue(file.toFile(), c);
            sum("certificate.json");
            assertTrue(checks(6).entrySet().stream()
                    .anyMatch(e -> e.getKey().startsWith("picture ") && e.getValue().equals("failed")), name);
        }
        ObjectNode c = good.deepCopy();
        c.putArray("pictures").add(1);
        JSON.writeValue(file.toFile(), c);
        sum("certificate.json");
        assertTrue(checks(6).containsValue("failed"));
        c.putArray("pictures").add(good.get("pictures").get(0)).add(good.get("pictures").get(0));
        JSON.writeValue(file.toFile(), c);
        sum("certificate.json");
        assertEquals("failed", checks(6).get("picture pictures/a.png"));
        c.putArray("pictures");
        JSON.writeValue(file.toFile(), c);
        sum("certificate.json");
        assertEquals("failed", checks(6).get("pictures"));
    }

    @Test
    void nothingIsHalfWritten() throws IOException {
        Path cut = temp.resolve("cut.jsonl.gz");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(trace), 2000));
        assertRefused(3, run("audit", "certify", png, "--trace", cut, "-o", certificate), cut.toString(), "not whole");
        Path text = Files.writeString(temp.resolve("x.txt"), "x");
        assertRefused(3, run("audit", "certify", text, "-o", certificate), text.toString(), "holds no settings");
        assertRefused(3, run("audit", "certify", png, "--report", text, "-o", certificate), text.toString());
        assertRefused(3, run("audit", "certify", png, "--key", text, "-o", certificate), "-----BEGIN");
        assertRefused(3, run("audit", "certify", temp, "-o", certificate), "not a regular file");
        assertRefused(3, run("audit", "certify", temp.resolve("none"), "-o", certificate), "none: no such file");
        assertRefused(2, run("audit", "certify", png, "-o", temp), "not an empty folder");
        assertRefused(2, run("audit", "certify", "-o", certificate), "PICTURE");
        assertFalse(Files.exists(certificate));
        try (var files = Files.list(temp)) {
            assertTrue(files.noneMatch(f -> f.toString().endsWith(".part")));
        }
    }

    @Test
    void filesOfOneName() throws IOException {
        Path other = Files.createDirectory(temp.resolve("d")).resolve("a.png");
        Files.copy(png, other);
        certify(other);
        assertTrue(Files.exists(certificate.resolve("pictures/2-a.png")));
        assertEquals("holds", checks(0).get("picture pictures/2-a.png"));
    }

    /** Each picture that is here and as certified is made again; what that finds counts. */
    @Test
    void picturesAreMadeAgain() throws IOException {
        certify();
        List<Path> asked = new ArrayList<>();
        for (Check.Outcome outcome : Check.Outcome.values()) {
            List<Check> checks = CertificateCheck.of(certificate, null, List.of(), (what, picture) -> {
                asked.add(picture);
                return new Check(what, outcome, "");
            });
            assertEquals(outcome, checks.stream().filter(c -> c.what().equals("rerun of pictures/a.png")).findFirst()
                    .orElseThrow().outcome());
        }
        assertEquals(List.of(3, certificate.toRealPath().resolve("pictures/a.png")),
                List.of(asked.size(), asked.getFirst()));
        certificate = temp.resolve("without");
        certify("--no-copies");
        List<Check> checks = CertificateCheck.of(certificate, null, List.of(), (what, picture) -> {
            throw new AssertionError(picture);
        });
        assertEquals(Check.Outcome.UNCHECKED, checks.stream()
                .filter(c -> c.what().equals("rerun of pictures/a.png")).findFirst().orElseThrow().outcome());
    }

    /** What an exit code of the command replay means. */
    @Test
    void reruns() {
        assertEquals(Check.Outcome.HOLDS, ReplayedPicture.check("x", 0, "", "").outcome());
        assertEquals(new Check("x", Check.Outcome.FAILED, "differs: 3 pixels"),
                ReplayedPicture.check("x", 6, "3 pixels\nmore", ""));
        assertEquals(new Check("x", Check.Outcome.UNCHECKED, "cannot be made again here: no film"),
                ReplayedPicture.check("x", 3, "", "radedit: warning: w\nradedit: no film\n"));
        assertRefused(2, run("audit", "verify", temp, "--search", temp), "--search needs --rerun");
        Path none = temp.resolve("none");
        assertRefused(2, run("audit", "verify", temp, "--rerun", "--search", none), "is not a folder");
        assertRefused(4, run("audit", "verify", temp, "--rerun", "--model", none), "no such model folder");
    }

    /** openssl and other programs check the signature too: it is over the bytes of SHA256SUMS. */
    @Test
    void theJdkAloneVerifiesTheSignature() throws IOException, GeneralSecurityException {
        KeyPairGenerator g = KeyPairGenerator.getInstance("EC");
        g.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair pair = g.generateKeyPair();
        certify("--key", pem("ec.pem", "PRIVATE KEY", pair.getPrivate().getEncoded()));
        Signature s = Signature.getInstance("SHA384withECDSA");
        s.initVerify(pair.getPublic());
        s.update(Files.readString(certificate.resolve("SHA256SUMS")).getBytes(StandardCharsets.UTF_8));
        assertTrue(s.verify(Files.readAllBytes(certificate.resolve("SHA256SUMS.sig"))));
        JsonNode c = JSON.readTree(certificate.resolve("certificate.json").toFile());
        assertEquals(Digests.hex(pair.getPublic().getEncoded()),
                c.get("signature").get("public_key_sha256").asText());
    }
}
