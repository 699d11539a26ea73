package radedit.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.digest.Digests;
import radedit.trace.Environment;
import radedit.pipeline.Metadata;
import radedit.signature.SigningKey;

/**
 * Writes certificates: a folder with certificate.json, copies of pictures, traces and reports, the program's bill of
 * materials, SHA256SUMS over all of these, and its signature. The same files give the same certificate.
 */
public final class Certificate {
    static final String FILE = "certificate.json";
    static final String SBOM = "sbom.json";
    static final String SIGNATURE = Sums.FILE + ".sig";
    static final String VERSION = "radedit_certificate";

    private static final JsonMapper JSON = JsonMapper.builder()
            .defaultPrettyPrinter(
                    new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"))
                            .withArrayIndenter(new DefaultIndenter("  ", "\n")))
            .build();

    /** The kinds of files in a certificate, by their lists in certificate.json, which are their folders too. */
    enum Kind {
        PICTURES("picture"), TRACES("trace"), REPORTS("report");

        private final String singular;

        Kind(String singular) {
            this.singular = singular;
        }

        String list() {
            return name().toLowerCase(Locale.ROOT);
        }

        String singular() {
            return singular;
        }

        /** What a certificate says of a file, as it is read from JSON. */
        JsonNode facts(Path file) throws IOException {
            ObjectNode facts = switch (this) {
                case PICTURES -> PictureFacts.of(file);
                case TRACES -> TraceFacts.of(file);
                case REPORTS -> ReportFacts.of(file);
            };
            return JSON.readTree(JSON.writeValueAsBytes(facts));
        }
    }

    private final List<Path> pictures;
    private final List<Path> traces;
    private final List<Path> reports;
    private final boolean copies;

    /**
     * Chooses what is certified.
     *
     * @param pictures
     *            pictures of this program
     * @param traces
     *            traces of the runs that made them
     * @param reports
     *            JSON documents of audits
     * @param copies
     *            whether to copy pictures and traces; reports always are
     */
    public Certificate(List<Path> pictures, List<Path> traces, List<Path> reports, boolean copies) {
        this.pictures = List.copyOf(pictures);
        this.traces = List.copyOf(traces);
        this.reports = List.copyOf(reports);
        this.copies = copies;
    }

    /**
     * Writes a certificate.
     *
     * @param folder
     *            an empty folder
     * @param key
     *            signs it; null for no signature
     * @throws IOException
     *             if an input cannot be read, is damaged or holds no settings, or if writing fails
     */
    public void write(Path folder, @Nullable SigningKey key) throws IOException {
        List<String> names = new ArrayList<>();
        ObjectNode o = JsonNodeFactory.instance.objectNode();
        o.put(VERSION, 1);
        o.put("notice", Metadata.NOTICE);
        o.set("certified_by", JSON.valueToTree(Environment.facts()));
        o.set(Kind.PICTURES.list(), entries(Kind.PICTURES, pictures, folder, copies, names));
        o.set(Kind.TRACES.list(), entries(Kind.TRACES, traces, folder, copies, names));
        o.set(Kind.REPORTS.list(), entries(Kind.REPORTS, reports, folder, true, names));
        byte[] sbom = document(Sbom.ofThisProgram());
        Files.write(folder.resolve(SBOM), sbom);
        ObjectNode bill = o.putObject("sbom");
        bill.put("file", SBOM);
        bill.put("sha256", Digests.hex(sbom));
        if (key != null) {
            ObjectNode s = o.putObject("signature");
            s.put("file", SIGNATURE);
            s.put("algorithm", key.publicKey().algorithm());
            s.put("public_key_sha256", key.publicKey().fingerprint());
        }
        Files.write(folder.resolve(FILE), document(o));
        names.addFirst(SBOM);
        names.addFirst(FILE);
        Sums.write(folder, names);
        if (key != null) {
            Files.write(folder.resolve(SIGNATURE), key.sign(Files.readAllBytes(folder.resolve(Sums.FILE))));
        }
    }

    private static byte[] document(ObjectNode o) throws IOException {
        return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(o) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ArrayNode entries(Kind kind, List<Path> files, Path folder, boolean copied, List<String> names)
            throws IOException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Set<String> used = new HashSet<>();
        for (Path file : files) {
            String name = kind.list() + "/" + unique(plain(file), used);
            Path described = file;
            if (copied) {
                described = folder.resolve(name);
                Files.createDirectories(described.getParent());
                Files.copy(file, described);
                names.add(name);
            }
            ObjectNode o = all.addObject();
            o.put("file", name);
            o.put("copied", copied);
            try {
                o.setAll((ObjectNode) kind.facts(described));
            } catch (IOException e) {
                // Messages name the copy, which will be gone.
                kind.facts(file);
                throw e;
            }
        }
        return all;
    }

    /** A file's own name, without what is no part of a plain path on any system. */
    private static String plain(Path file) {
        String name = String.valueOf(file.getFileName()).replaceAll("[\\p{Cntrl}\\\\:]", "_");
        return Sums.isInside(name) ? name : "file";
    }

    private static String unique(String name, Set<String> used) {
        String n = name;
        // Names that differ in case only are one file on some systems.
        for (int k = 2; !used.add(n.toLowerCase(Locale.ROOT)); k++) {
            n = k + "-" + name;
        }
        return n;
    }

    /**
     * All files and links in a folder by their names there, with what they are; so are folders that are empty, or too deep to
     * be ours.
     */
    static Map<String, BasicFileAttributes> content(Path folder) throws IOException {
        Map<String, BasicFileAttributes> all = new TreeMap<>();
        Path root = folder.toRealPath();
        Files.walkFileTree(root, Set.of(), 3, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path inner, BasicFileAttributes a) throws IOException {
                return !inner.equals(root) && isEmpty(inner) ? visitFile(inner, a) : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
                List<String> parts = new ArrayList<>();
                root.relativize(file).forEach(p -> parts.add(p.toString()));
                all.put(String.join("/", parts), a);
                return all.size() < CertificateCheck.MOST ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
        });
        return all;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
