package radedit.certificate;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.about.Version;
import radedit.digest.Digests;
import radedit.safetensors.FormatException;
import radedit.safetensors.Json;

/**
 * The program's own jars as a bill of materials (CycloneDX 1.6, JSON). A jar that the distribution's bom.json describes, by
 * its SHA-256, keeps that description; others are described by what is in them.
 */
final class Sbom {
    private static final String OURS = "radedit-";
    /** Where the build's bill of materials is, from the jars' folder: in the archive, and in a checkout. */
    private static final List<String> BOMS = List.of("../bom.json", "../../src/dist/target/bom.json");
    private static final Pattern LICENCE = Pattern
            .compile("<license>\\s*(?:<!--.*?-->\\s*)?<name>\\s*([^<]{1,200}?)\\s*</name>", Pattern.DOTALL);
    private static final Pattern NAMED = Pattern.compile("(.+?)-(\\d[\\w.+-]*)");
    private static final int MOST = 1 << 20;

    private Sbom() {
    }

    /** {@return the bill of materials of this program} */
    static ObjectNode ofThisProgram() throws IOException {
        TreeSet<Path> jars = new TreeSet<>();
        for (String property : List.of("java.class.path", "jdk.module.path")) {
            for (String entry : System.getProperty(property, "").split(File.pathSeparator)) {
                Path jar = Path.of(entry);
                if (entry.endsWith(".jar") && Files.isRegularFile(jar)) {
                    jars.add(jar.toAbsolutePath().normalize());
                }
            }
        }
        return of(List.copyOf(jars));
    }

    /** {@return the bill of materials of jars} */
    static ObjectNode of(List<Path> jars) throws IOException {
        Map<String, JsonNode> known = new HashMap<>();
        if (!jars.isEmpty()) {
            Path lib = jars.getFirst().toAbsolutePath().resolveSibling(".");
            for (String bom : BOMS) {
                Path file = lib.resolve(bom).normalize();
                if (Files.isRegularFile(file)) {
                    read(file, known);
                }
            }
        }
        List<JsonNode> components = new ArrayList<>();
        StringBuilder all = new StringBuilder();
        for (Path jar : jars) {
            String hash = Digests.hex("SHA-256", jar);
            all.append(hash);
            JsonNode c = known.get(hash);
            components.add(c != null ? c : describe(jar, hash));
        }
        ObjectNode o = JsonNodeFactory.instance.objectNode();
        o.put("bomFormat", "CycloneDX");
        o.put("specVersion", "1.6");
        o.put("serialNumber",
                "urn:uuid:" + UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.US_ASCII)));
        o.put("version", 1);
        ObjectNode program = o.putObject("metadata").putObject("component");
        program.put("type", "application");
        program.put("bom-ref", "radedit");
        program.put("name", "RadEdit");
        program.put("version", Version.get());
        o.putArray("components").addAll(components);
        return o;
    }

    /** Components of the distribution's file, by SHA-256. */
    private static void read(Path bom, Map<String, JsonNode> known) throws IOException {
        JsonNode all;
        try {
            all = Json.read(bom);
        } catch (FormatException e) {
            return; // not one: what is in the jars says less, and is enough
        }
        for (JsonNode c : all.path("components")) {
            for (JsonNode h : c.path("hashes")) {
                if (h.path("alg").asText().equals("SHA-256")) {
                    known.put(h.path("content").asText(), c);
                }
            }
        }
    }

    private static ObjectNode describe(Path jar, String hash) throws IOException {
        String file = jar.getFileName().toString().replaceAll("\\.jar$", "");
        Matcher named = NAMED.matcher(file);
        String group = "";
        String name = named.matches() ? named.group(1) : file;
        String version = named.matches() ? named.group(2) : "";
        String licence = "";
        try (JarFile j = new JarFile(jar.toFile(), false)) {
            for (ZipEntry e : j.stream().filter(x -> x.getName().startsWith("META-INF/maven/")).toList()) {
                if (e.getName().endsWith("/pom.properties")) {
                    Properties p = new Properties();
                    try (InputStream in = j.getInputStream(e)) {
                        p.load(in);
                    }
                    // A jar may hold those of others; its own has its name.
                    if (file.startsWith(p.getProperty("artifactId", "?"))) {
                        group = p.getProperty("groupId", "");
                        name = p.getProperty("artifactId");
                        version = p.getProperty("version", version);
                    }
                } else if (e.getName().endsWith("/pom.xml") && licence.isEmpty()) {
                    try (InputStream in = j.getInputStream(e)) {
                        Matcher m = LICENCE.matcher(new String(in.readNBytes(MOST), StandardCharsets.UTF_8));
                        licence = m.find() ? m.group(1) : "";
                    }
                }
            }
            Manifest m = j.getManifest();
            if (m != null) {
                Attributes a = m.getMainAttributes();
                version = version.isEmpty() ? first(a, "Bundle-Version", "Implementation-Version") : version;
                licence = licence.isEmpty() ? first(a, "Bundle-License") : licence;
            }
        }
        if (file.startsWith(OURS)) {
            version = Version.get();
            licence = "Apache-2.0";
        }
        ObjectNode c = JsonNodeFactory.instance.objectNode();
        c.put("type", "library");
        c.put("bom-ref", hash);
        if (!group.isEmpty()) {
            c.put("group", group);
        }
        c.put("name", name);
        if (!version.isEmpty()) {
            c.put("version", version);
        }
        ObjectNode h = c.putArray("hashes").addObject();
        h.put("alg", "SHA-256");
        h.put("content", hash);
        if (!licence.isEmpty()) {
            ObjectNode l = c.putArray("licenses").addObject().putObject("license");
            String id = identifier(licence);
            l.put(id.isEmpty() ? "name" : "id", id.isEmpty() ? licence : id);
        }
        return c;
    }

    private static String first(Attributes a, String... names) {
        for (String n : names) {
            String v = a.getValue(n);
            if (v != null) {
                return v;
            }
        }
        return "";
    }

    /** The SPDX identifier of a licence; empty if it is not known. */
    private static String identifier(String licence) {
        String s = licence.toLowerCase(Locale.ROOT);
        return s.contains("apache") && s.contains("2")
                ? "Apache-2.0"
                : s.equals("mit") || s.contains("mit license") || s.contains("/mit")
                        ? "MIT"
                        : s.equals("0bsd") ? "0BSD" : "";
    }
}
