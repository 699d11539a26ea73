package radedit.stress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON of one line each. */
final class JsonLines {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonLines() {
    }

    /** {@return a value as a line, with its end} */
    static String line(Object value) {
        try {
            return JSON.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a value of JSON", e); // never for numbers, words, lists and maps
        }
    }

    /** {@return the object of a line} */
    static JsonNode parse(String line) throws JsonProcessingException {
        JsonNode node = JSON.readTree(line);
        if (node == null || !node.isObject()) {
            throw new DamagedLineException();
        }
        return node;
    }

    private static final class DamagedLineException extends JsonProcessingException {
        private static final long serialVersionUID = 1;

        DamagedLineException() {
            super("not an object");
        }
    }
}
