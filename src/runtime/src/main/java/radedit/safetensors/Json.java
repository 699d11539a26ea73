package radedit.safetensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Small JSON files of a checkpoint. */
public final class Json {
    /** Published configurations have a few kB, shard indexes some hundred. */
    private static final long MAX_BYTES = 64 << 20;
    /** Python writes NaN and Infinity, which JSON does not have. */
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Json() {
    }

    /**
     * Reads a file that holds one JSON object.
     *
     * @throws FormatException
     *             if it holds anything else
     */
    public static JsonNode read(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FormatException(file, "is not a regular file");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new FormatException(file, "too large for a configuration");
        }
        try {
            byte[] text = Files.readAllBytes(file);
            String other = Placeholder.describe(Arrays.copyOf(text, Math.min(text.length, Placeholder.HEAD)));
            if (other != null) {
                throw new FormatException(file, other);
            }
            JsonNode node = MAPPER.readTree(text);
            if (!node.isObject()) {
                throw new FormatException(file, "is not a JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw new FormatException(file, "is not valid JSON: " + e.getOriginalMessage());
        }
    }
}
