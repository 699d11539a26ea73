package radedit.undertest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.message.JsonFault;
import radedit.undertest.ModelException.Reason;

/** JSON of strangers: keys are not repeated, nesting is bounded, nothing follows the value. */
final class JsonFiles {
    /** Longest string, such as a mask in base64. */
    static final int LONGEST_STRING = 1 << 27;
    private static final int LARGEST_FILE = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).maxStringLength(LONGEST_STRING).build())
            .build()).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private JsonFiles() {
    }

    /** Reads a JSON object from a small file. */
    static ObjectNode read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(Reason.FILE, file + ": is not a file, or missing");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST_FILE + 1);
        }
        if (bytes.length > LARGEST_FILE) {
            throw new ModelException(Reason.FILE, file + ": is larger than 1 MiB; a short JSON file is expected");
        }
        try {
            return object(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ModelException(Reason.FILE, file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Parses a JSON object.
     *
     * @throws IOException
     *             with a predicate
     */
    static ObjectNode object(String text) throws IOException {
        if (parse(text) instanceof ObjectNode o) {
            return o;
        }
        throw new IOException("is not a JSON object, { ... }");
    }

    /**
     * Parses a JSON value.
     *
     * @throws IOException
     *             with a predicate
     */
    static JsonNode parse(String text) throws IOException {
        try {
            return JSON.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")";
            throw new IOException("is not valid JSON: " + JsonFault.of(e.getOriginalMessage()) + where,
                    e);
        }
    }

    static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
