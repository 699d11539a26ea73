package radedit.certificate;

import java.io.IOException;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.digest.Digests;
import radedit.safetensors.FormatException;
import radedit.safetensors.Json;

/** What a certificate says of the JSON document of an audit: its verdict, its numbers and how many results it has. */
final class ReportFacts {
    private ReportFacts() {
    }

    /**
     * {@return hash and verdict of a report}
     *
     * @param file
     *            a JSON document with a field holds
     * @throws FormatException
     *             if it is anything else
     * @throws IOException
     *             if it cannot be read
     */
    static ObjectNode of(Path file) throws IOException {
        JsonNode report = Json.read(file);
        if (!report.path("holds").isBoolean()) {
            throw new FormatException(file, "is not the JSON document of an audit: it says nothing of what holds");
        }
        ObjectNode o = JsonNodeFactory.instance.objectNode();
        o.put("sha256", Digests.hex("SHA-256", file));
        o.put("holds", report.get("holds").asBoolean());
        ObjectNode says = o.putObject("says");
        ObjectNode counts = o.putObject("results");
        report.properties().forEach(e -> {
            if (e.getValue().isValueNode()) {
                says.set(e.getKey(), e.getValue());
            } else {
                counts.put(e.getKey(), e.getValue().size());
            }
        });
        return o;
    }
}
