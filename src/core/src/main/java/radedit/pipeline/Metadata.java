package radedit.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.about.Version;

/** What pictures say in their files of how they were made. */
public final class Metadata {
    /** What every picture says. */
    public static final String NOTICE = "Synthetic image. Research use only, not for clinical use.";
    /** The keyword of the PNG text, or the key of the safetensors metadata, that holds the settings as JSON. */
    public static final String KEY = "radedit";
    private static final ObjectMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Metadata() {
    }

    /** Settings as one line of JSON in ASCII. */
    public static String json(Object settings) {
        try {
            return JSON.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("settings that cannot be written", e); // they are numbers, words and lists
        }
    }

    /** Text chunks of a PNG: keyword and text of each. */
    public static Map<String, String> text() {
        Map<String, String> chunks = new LinkedHashMap<>();
        chunks.put("Software", "RadEdit " + Version.get());
        chunks.put("Disclaimer", NOTICE);
        return chunks;
    }

    /** The same with the settings of a {@link Result}. */
    public static Map<String, String> text(Map<String, Object> settings) {
        Map<String, String> chunks = text();
        chunks.put(KEY, json(settings));
        return chunks;
    }
}
