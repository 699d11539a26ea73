package radedit.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.message.JsonFault;

/** JSON as requests and answers have it; what strangers send is bounded in depth and in the length of numbers and texts. */
final class Json {
    /** Pictures in base64 are the longest texts. */
    static final int LONGEST_TEXT = 64 << 20;
    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT)
                            .maxNestingDepth(50).maxNumberLength(100).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private Json() {
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Any value that Jackson knows, as JSON. */
    static JsonNode of(Object value) {
        return MAPPER.valueToTree(value);
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e); // never for maps, lists and nodes
        }
    }

    static String text(Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }

    static byte[] pretty(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * A document that somebody sent.
     *
     * @throws HttpError
     *             if it is not JSON, or too deep
     */
    static JsonNode parse(byte[] document) {
        try {
            JsonNode node = MAPPER.readTree(document);
            if (node == null || node.isMissingNode()) {
                throw new HttpError(400, "the body is empty; a JSON object is expected");
            }
            return node;
        } catch (JacksonException e) {
            throw new HttpError(400, "the body is not JSON: " + JsonFault.of(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object of this program's own. */
    static ObjectNode read(Path file) throws IOException {
        JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
        if (node instanceof ObjectNode o) {
            return o;
        }
        throw new IOException(file + ": is not a JSON object");
    }

    static ObjectNode resource(String name) {
        try (InputStream in = Json.class.getResourceAsStream(name)) {
            return (ObjectNode) MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
