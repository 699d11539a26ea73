package radedit.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"[\"No Finding\", \"b\"]", "['No Finding', 'b']", "('No Finding', 'b')", "No Finding, b",
            "No Finding\nb", "{0: 'No Finding', 1: 'b'}", "{\"1\": \"b\", \"0\": \"No Finding\"}",
            " [ 'No Finding' , 'b' , ]"})
    void forms(String text) {
        assertEquals(List.of("No Finding", "b"), ClassNames.of(Map.of("names", text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "[1, 2]", "['a', b]", "{'a': 'b'}", "{0: 'a', 0: 'b'}", "{0: 'a', 2: 'b'}",
            "{5000: 'a'}",
            "a,,b", "['a"})
    void others(String text) {
        assertEquals(List.of(), ClassNames.of(Map.of("names", text)));
    }

    @Test
    void theFirstKeyThatCanBeRead() {
        assertEquals(List.of("a", "b"), ClassNames.of(Map.of("class_names", "[1]", "classes", "a,b", "names", "c,d")));
        assertEquals(List.of(), ClassNames.of(Map.of("author", "a,b")));
    }
}
