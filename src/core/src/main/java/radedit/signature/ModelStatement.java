package radedit.signature;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.digest.Digests;
import radedit.safetensors.FormatException;
import radedit.safetensors.Json;

/**
 * What is signed of a model: the hash of each file, or of each piece of a file, and what was left out (an in-toto statement
 * with the predicate https://model_signing/signature/v1.0).
 *
 * @param model
 *            the model's name, which binds nobody
 * @param pieceBytes
 *            largest size of a piece; 0 if files are hashed as a whole
 * @param ignored
 *            names of what was left out
 * @param hashes
 *            SHA-256 in hexadecimal by the name of the file, or by NAME:FROM:TO of its piece
 */
public record ModelStatement(String model, long pieceBytes, List<String> ignored, Map<String, String> hashes) {
    private static final String TYPE = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";
    private static final int HASH_DIGITS = 64;

    /**
     * Differences between a model and what was signed of it; names of files, or of their pieces.
     *
     * @param changed
     *            those of another content
     * @param missing
     *            those that were signed and are not there
     * @param extra
     *            those that are there and were not signed
     */
    public record Differences(List<String> changed, List<String> missing, List<String> extra) {}

    /** {@return whether the model that was signed is one file, not a folder} */
    public boolean isOneFile() {
        return hashes.keySet().stream().allMatch(n -> n.equals(ModelFiles.ONE_FILE)
                || n.startsWith(ModelFiles.ONE_FILE + ":"));
    }

    /** Hashes a model, files as a whole. */
    static ModelStatement of(ModelFiles model, Consumer<String> progress) throws IOException {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (Map.Entry<String, Path> e : model.list().entrySet()) {
            progress.accept(e.getKey());
            hashes.put(e.getKey(), Digests.hex("SHA-256", e.getValue()));
        }
        return new ModelStatement(model.name(), 0, model.ignored(), hashes);
    }

    /** {@return the hash of all hashes} */
    private static String root(Iterable<String> hashes) {
        MessageDigest all = Digests.sha256();
        hashes.forEach(h -> all.update(HexFormat.of().parseHex(h)));
        return HexFormat.of().formatHex(all.digest());
    }

    /** {@return the statement as JSON values} */
    Map<String, Object> document(boolean followsLinks) {
        List<Map<String, Object>> resources = new ArrayList<>();
        hashes.forEach((name, hash) -> {
            Map<String, Object> r = new LinkedHashMap<>();
            r.put("name", name);
            r.put("algorithm", "sha256");
            r.put("digest", hash);
            resources.add(r);
        });
        Map<String, Object> serialization = new LinkedHashMap<>();
        serialization.put("method", "files");
        serialization.put("hash_type", "sha256");
        serialization.put("allow_symlinks", followsLinks);
        serialization.put("ignore_paths", ignored);
        Map<String, Object> predicate = new LinkedHashMap<>();
        predicate.put("serialization", serialization);
        predicate.put("resources", resources);
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("_type", TYPE);
        m.put("subject", List.of(Map.of("name", model, "digest", Map.of("sha256", root(hashes.values())))));
        m.put("predicateType", PREDICATE);
        m.put("predicate", predicate);
        return m;
    }

    /** Reads a statement; the signature was checked. */
    static ModelStatement parse(Path file, byte[] payload) throws FormatException {
        JsonNode m = Json.parse(file, payload);
        require(file, m.path("_type").asText().equals(TYPE), "what is signed is no in-toto statement");
        String predicate = m.path("predicateType").asText();
        require(file, predicate.equals(PREDICATE),
                "what is signed is '" + predicate + "', not a model; expected " + PREDICATE);
        JsonNode serialization = m.path("predicate").path("serialization");
        String method = serialization.path("method").asText();
        String hash = serialization.path("hash_type").asText();
        require(file, method.equals("files") || method.equals("shards"),
                "the model is hashed by '" + method + "', which is not supported");
        require(file, hash.equals("sha256"),
                "the model is hashed with " + hash + "; only sha256 is supported");
        long piece = method.equals("files") ? 0 : serialization.path("shard_size").asLong(-1);
        require(file, method.equals("files") || piece > 0, "its shard_size is damaged");
        List<String> ignored = new ArrayList<>();
        serialization.path("ignore_paths").forEach(i -> ignored.add(i.asText()));
        Map<String, String> hashes = new LinkedHashMap<>();
        for (JsonNode r : m.path("predicate").path("resources")) {
            String digest = r.path("digest").asText();
            require(file, r.path("name").isTextual() && digest.length() == HASH_DIGITS
                    && digest.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f'),
                    "a file's hash is damaged");
            require(file, r.path("algorithm").asText().startsWith("sha256"),
                    "a file is hashed with " + r.path("algorithm").asText() + "; only sha256 is supported");
            require(file, hashes.put(r.path("name").asText(), digest) == null,
                    "names '" + r.path("name").asText() + "' twice");
        }
        JsonNode subject = m.path("subject");
        require(file, subject.size() == 1
                && subject.path(0).path("digest").path("sha256").asText().equals(root(hashes.values())),
                "the hash of all its hashes is not the one signed");
        return new ModelStatement(subject.path(0).path("name").asText(), piece, ignored, hashes);
    }

    private static void require(Path file, boolean holds, String fault) throws FormatException {
        if (!holds) {
            throw new FormatException(file, fault);
        }
    }

    /**
     * {@return how a model differs from this statement} What the statement left out is left out. Names in the statement are
     * compared with those of the files that are there, and never opened.
     *
     * @param here
     *            the model
     * @param progress
     *            receives the name of each file before it is read
     * @throws IOException
     *             if the model cannot be read
     */
    public Differences differences(ModelFiles here, Consumer<String> progress) throws IOException {
        here.includeSigned(hashes.keySet());
        here.ignore(ignored);
        List<String> changed = new ArrayList<>();
        List<String> extra = new ArrayList<>();
        Map<String, String> left = new LinkedHashMap<>(hashes);
        for (Map.Entry<String, Path> e : here.list().entrySet()) {
            progress.accept(e.getKey());
            long size = Files.size(e.getValue());
            if (pieceBytes == 0) {
                compare(e.getKey(), e.getValue(), 0, size, left, changed, extra);
                continue;
            }
            for (long from = 0; from < size; from += pieceBytes) {
                long to = from + Math.min(pieceBytes, size - from);
                if (!compare(e.getKey() + ":" + from + ":" + to, e.getValue(), from, to, left, changed, extra)) {
                    break; // what follows is not signed either, or of another length
                }
            }
        }
        return new Differences(changed, List.copyOf(left.keySet()), extra);
    }

    private static boolean compare(String name, Path file, long from, long to, Map<String, String> left,
            List<String> changed, List<String> extra) throws IOException {
        String signed = left.remove(name);
        if (signed == null) {
            extra.add(name);
            return false;
        }
        if (!signed.equals(Digests.hex(file, from, to))) {
            changed.add(name);
        }
        return true;
    }
}
