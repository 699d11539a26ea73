package radedit.safetensors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.message.JsonFault;

/** Reads small JSON files, such as configurations and shard indexes of checkpoints. */
public final class Json {
    /** Limit against hostile files: published configurations take a few kB, shard indexes a few hundred. */
    private static final long MAX_BYTES = 64 << 20;
    /** Accepts NaN and Infinity: Python writes them, although JSON does not have them. */
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private Json() {
    }

    /**
     * Reads a file that holds one JSON object.
     *
     * @param file
     *            the file, at most 64 MiB
     * @return the object
     * @throws FormatException
     *             if it holds anything else or is too large
     * @throws IOException
     *             if it cannot be read
     */
    public static JsonNode read(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FormatException(file, "is not a regular file");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new FormatException(file, "too large for a configuration");
        }
        return parse(file, Files.readAllBytes(file));
    }

    /**
     * Reads one JSON object.
     *
     * @param file
     *            the file that it is from, for messages
     * @param text
     *            its text, in UTF-8
     * @return the object
     * @throws FormatException
     *             if it is anything else
     */
    public static JsonNode parse(Path file, byte[] text) throws FormatException {
        try {
            String other = Placeholder.describe(Arrays.copyOf(text, Math.min(text.length, Placeholder.HEAD)));
            if (other != null) {
                throw new FormatException(file, other);
            }
            JsonNode node = MAPPER.readTree(text);
            if (!node.isObject()) {
                throw new FormatException(file, "is not a JSON object");
            }
            return node;
        } catch (FormatException e) {
            throw e;
        } catch (JacksonException e) {
            throw new FormatException(file, "is not valid JSON: " + JsonFault.of(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never from an array
        }
    }
}
