package radedit.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.message.JsonFault;

/** Small files as Python and editors write them. */
class JsonTest {
    @TempDir
    Path temp;

    private Path file(String text) throws IOException {
        return Files.writeString(temp.resolve("config.json"), text);
    }

    @Test
    void whatPythonAndEditorsWriteIsRead() throws IOException {
        assertEquals(1, Json.read(file("\uFEFF{\"a\": 1}")).path("a").asInt());
        assertEquals(1, Json.read(file("{\r\n\t\"a\": 1\r\n}\r\n")).path("a").asInt());
        assertTrue(Double.isNaN(Json.read(file("{\"a\": NaN}")).path("a").asDouble()));
        assertEquals(Double.NEGATIVE_INFINITY, Json.read(file("{\"a\": -Infinity}")).path("a").asDouble());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{", "{} {}", "{\"a\":1,\"a\":2}", "{'a':1}", "{\"a\":nan}", "{\"a\":01}",
            "{\"a\":1,}"})
    void otherThingsAreRefusedByName(String text) throws IOException {
        Path file = file(text);
        assertTrue(assertThrows(FormatException.class, () -> Json.read(file)).getMessage().startsWith(file.toString()));
    }

    /** What is wrong is said in one line, without the parser's own settings, of which no user has any. */
    @ParameterizedTest
    @ValueSource(strings = {"{", "[1", "{'a':1}", "{\"a\":NaN}", "{\"a\":-Infinity}", "{\"a\":01}", "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":1,}", "[1,,2]", "{\"a\":\"\t\"}", "/* */ {}", "# x", "{\"a\":\"\\x\"}", "]", "x", "[[[[[["})
    void faultsAreForUsers(String text) {
        JsonMapper strict = new JsonMapper(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(5).build()).build());
        String fault = JsonFault
                .of(assertThrows(JacksonException.class, () -> strict.readTree(text)).getOriginalMessage());
        assertTrue(!fault.isEmpty() && fault.lines().count() == 1, fault);
        assertFalse(fault.contains("`") || fault.contains("Source") || fault.contains("Feature"), fault);
        assertEquals(fault.chars().filter(c -> c == '(').count(), fault.chars().filter(c -> c == ')').count(), fault);
    }
}
