package radedit.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.digest.Digests;
import radedit.files.Messages;
import radedit.safetensors.FormatException;
import radedit.safetensors.Json;
import radedit.signature.VerifyingKey;

/**
 * Checks a certificate: sums, signature, and whether pictures, traces and reports are what it says. Nothing in the folder is
 * executed, links are not followed, and names that lead out of it are refused.
 */
public final class CertificateCheck {
    /** Most files in a certificate that is checked. */
    static final int MOST = 200_000;
    private static final int MOST_SIGNATURE = 1 << 14;
    private static final int MOST_NAMED = 20;

    private final Path folder;
    private final JsonNode certificate;
    private final Map<String, String> sums;
    private final List<Check> checks = new ArrayList<>();
    /** Names of the entries so far. */
    private final Set<String> entries = new HashSet<>();
    /** Files given by the user, by hash. */
    private final Map<String, Path> originals = new HashMap<>();

    private CertificateCheck(Path folder, JsonNode certificate, Map<String, String> sums) {
        this.folder = folder;
        this.certificate = certificate;
        this.sums = sums;
    }

    /**
     * Checks a certificate.
     *
     * @param folder
     *            the certificate
     * @param key
     *            the signer's; null if it is not known, and then the signature is not checked
     * @param originals
     *            files that were certified and not copied, found by their hashes
     * @param replay
     *            makes pictures again; null to compute nothing
     * @return all checks
     * @throws FormatException
     *             if it is no certificate
     * @throws IOException
     *             if something cannot be read
     */
    public static List<Check> of(Path folder, @Nullable VerifyingKey key, List<Path> originals,
            @Nullable Replay replay) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new FormatException(folder,
                    Files.exists(folder) ? "is no certificate: it is not a folder" : "no such folder");
        }
        Map<String, String> sums = Sums.read(folder);
        Path file = folder.resolve(Certificate.FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FormatException(folder, "is no certificate: it has no file " + Certificate.FILE);
        }
        JsonNode certificate = Json.read(file);
        if (certificate.path(Certificate.VERSION).asInt() != 1) {
            throw new FormatException(file, "is no certificate of a version that is known here");
        }
        CertificateCheck c = new CertificateCheck(folder, certificate, sums);
        c.sums();
        c.signature(key);
        c.billOfMaterials();
        Set<String> unused = new HashSet<>();
        for (Path original : originals) {
            String hash = Digests.hex("SHA-256", original);
            c.originals.put(hash, original);
            unused.add(hash);
        }
        for (Certificate.Kind kind : Certificate.Kind.values()) {
            for (JsonNode entry : certificate.path(kind.list())) {
                unused.remove(entry.path("sha256").asText());
                c.entry(kind, entry, replay);
            }
        }
        if (c.certificate.path(Certificate.Kind.PICTURES.list()).isEmpty()) {
            c.checks.add(Check.failed("pictures", "the certificate has none"));
        }
        unused.forEach(hash -> c.checks
                .add(Check.failed("file " + c.originals.get(hash), "is not in the certificate, or was changed")));
        return List.copyOf(c.checks);
    }

    private void sums() throws IOException {
        int before = checks.size();
        Map<String, BasicFileAttributes> there = Certificate.content(folder);
        if (there.size() >= MOST) {
            throw new FormatException(folder, "has too many files for a certificate");
        }
        int extra = 0;
        for (Map.Entry<String, BasicFileAttributes> e : there.entrySet()) {
            String name = e.getKey();
            boolean unlisted = name.equals(Sums.FILE) || name.equals(Certificate.SIGNATURE);
            if (!unlisted && !sums.containsKey(name)) {
                if (++extra <= MOST_NAMED) {
                    checks.add(Check.failed((e.getValue().isDirectory() ? "folder " : "file ") + name,
                            "is not in " + Sums.FILE));
                }
            } else if (!e.getValue().isRegularFile()) {
                checks.add(Check.failed("file " + name, e.getValue().isSymbolicLink() ? "is a link" : "is no file"));
            }
        }
        if (extra > MOST_NAMED) {
            checks.add(Check.failed("files", extra + " are not in " + Sums.FILE));
        }
        for (String needed : List.of(Certificate.FILE, Certificate.SBOM)) {
            if (!sums.containsKey(needed)) {
                checks.add(Check.failed("file " + needed, "is not in " + Sums.FILE));
            }
        }
        for (Map.Entry<String, String> e : sums.entrySet()) {
            Path file = file(e.getKey());
            if (file == null) {
                if (!there.containsKey(e.getKey())) {
                    checks.add(Check.failed("file " + e.getKey(), "is missing"));
                }
            } else if (!Digests.hex("SHA-256", file).equals(e.getValue())) {
                checks.add(Check.failed("file " + e.getKey(), "was changed: its SHA-256 is another"));
            }
        }
        if (checks.size() == before) {
            checks.add(Check.holds(Sums.FILE, sums.size() + " files are unchanged, and there are no others"));
        }
    }

    /** A file of the folder; null unless it is a regular file that no link leads to. */
    private @Nullable Path file(String name) throws IOException {
        if (!Sums.isInside(name)) {
            return null;
        }
        Path file = folder.toRealPath().resolve(name);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && file.toRealPath().equals(file) ? file : null;
    }

    private void signature(@Nullable VerifyingKey key) throws IOException {
        Path file = file(Certificate.SIGNATURE);
        JsonNode declared = certificate.path("signature");
        String what = "signature";
        if (file == null || Files.size(file) > MOST_SIGNATURE) {
            if (!declared.isMissingNode()) {
                checks.add(Check.failed(what,
                        file == null ? Certificate.SIGNATURE + " is missing" : "is too large for a signature"));
            } else {
                checks.add(key == null
                        ? Check.unchecked(what, "the certificate is not signed")
                        : Check.failed(what, "the certificate is not signed"));
            }
        } else if (key == null) {
            String by = declared.path("public_key_sha256").asText();
            checks.add(Check.unchecked(what, "no public key was given"
                    + (by.isEmpty() ? "" : "; the certificate names one with the SHA-256 " + by)));
        } else if (!key.verifies(Files.readAllBytes(folder.resolve(Sums.FILE)), Files.readAllBytes(file))) {
            checks.add(Check.failed(what, "was not made with this key, or " + Sums.FILE + " was changed"));
        } else if (!declared.path("public_key_sha256").asText().equals(key.fingerprint())) {
            checks.add(Check.failed(what, "is this key's, but the certificate names another"));
        } else {
            checks.add(Check.holds(what, "made with the key of SHA-256 " + key.fingerprint()));
        }
    }

    private void billOfMaterials() throws IOException {
        String what = "bill of materials";
        Path file = file(Certificate.SBOM);
        if (file == null) {
            checks.add(Check.failed(what, Certificate.SBOM + " is missing"));
            return;
        }
        try {
            JsonNode bom = Json.read(file);
            boolean same = Digests.hex("SHA-256", file).equals(certificate.path("sbom").path("sha256").asText());
            boolean form = bom.path("bomFormat").asText().equals("CycloneDX") && bom.path("components").isArray();
            checks.add(same && form
                    ? Check.holds(what, bom.path("components").size() + " components")
                    : Check.failed(what, form ? "is not the one certified" : "is not in CycloneDX's format"));
        } catch (FormatException e) {
            checks.add(Check.failed(what, e.fault()));
        }
    }

    private void entry(Certificate.Kind kind, JsonNode entry, @Nullable Replay replay) throws IOException {
        String name = entry.path("file").asText();
        String what = kind.singular() + " " + (Sums.isInside(name) ? name : "(of a name that is none)");
        if (!Sums.isHash(entry.path("sha256").asText()) || !entry.path("copied").isBoolean()) {
            checks.add(Check.failed(what, "its entry in the certificate is damaged"));
            return;
        }
        if (!entries.add(name)) {
            checks.add(Check.failed(what, "occurs twice in the certificate"));
            return;
        }
        boolean copied = entry.path("copied").asBoolean();
        Path file = copied ? file(name) : originals.get(entry.path("sha256").asText());
        boolean reruns = replay != null && kind == Certificate.Kind.PICTURES;
        String again = "rerun of " + name;
        if (file == null) {
            checks.add(copied
                    ? Check.failed(what, "is missing")
                    : Check.unchecked(what, "was not copied; its SHA-256 is " + entry.path("sha256").asText()));
            if (reruns) {
                checks.add(Check.unchecked(again, "not tried: the picture is not here"));
            }
            return;
        }
        if (copied && !sums.containsKey(name)) {
            checks.add(Check.failed(what, "is not in " + Sums.FILE));
        }
        boolean same = false;
        try {
            List<String> differs = new ArrayList<>();
            JsonNode facts = kind.facts(file);
            facts.properties().forEach(f -> {
                if (!f.getValue().equals(entry.path(f.getKey()))) {
                    differs.add(f.getKey());
                }
            });
            same = differs.isEmpty();
            checks.add(same
                    ? Check.holds(what, describe(kind, facts))
                    : Check.failed(what, "is not as certified in: " + String.join(", ", differs)));
        } catch (IOException e) {
            checks.add(Check.failed(what, Messages.of(e).toString()));
        }
        if (replay != null && reruns) {
            checks.add(same ? replay.run(again, file) : Check.unchecked(again, "not tried: the picture is another"));
        }
    }

    private static String describe(Certificate.Kind kind, JsonNode facts) {
        return switch (kind) {
            case PICTURES -> "pixels and settings are as certified";
            case TRACES ->
                    "whole, " + facts.path("values").asInt() + " values, level " + facts.path("level").asText()
                            + ", summary as certified";
            case REPORTS -> "as certified; what it says " + (facts.path("holds").asBoolean() ? "held" : "did not hold");
        };
    }
}
