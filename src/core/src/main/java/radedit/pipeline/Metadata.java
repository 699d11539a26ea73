package radedit.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.about.Version;

/** The metadata in picture files: notice, program and settings. */
public final class Metadata {
    /** The notice in every picture. */
    public static final String NOTICE = "Synthetic image. Research use only, not for clinical use.";
    /** PNG text keyword and safetensors metadata key of the settings, in JSON. */
    public static final String KEY = "radedit";
    private static final ObjectMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Metadata() {
    }

    /**
     * {@return settings as one line of JSON, in ASCII}
     *
     * @param settings
     *            numbers, words, lists and maps
     * @throws IllegalArgumentException
     *             if there is anything else in them
     */
    public static String json(Object settings) {
        try {
            return JSON.writeValueAsString(settings);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("settings that cannot be written", e); // never for numbers, words, lists and maps
        }
    }

    /** {@return the PNG text chunks of any picture, text by keyword} */
    public static Map<String, String> text() {
        Map<String, String> chunks = new LinkedHashMap<>();
        chunks.put("Software", "RadEdit " + Version.get());
        chunks.put("Disclaimer", NOTICE);
        return chunks;
    }

    /**
     * {@return the PNG text chunks of a picture with settings, text by keyword}
     *
     * @param settings
     *            those of a {@link Result}
     */
    public static Map<String, String> text(Map<String, Object> settings) {
        Map<String, String> chunks = text();
        chunks.put(KEY, json(settings));
        return chunks;
    }
}
