package radedit.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of classes in the metadata of an ONNX file, under one of the keys that exporters use: a list such as
 * {@code ["a", "b"]} or {@code a, b}, or names by number such as {@code {"0": "a", "1": "b"}}, in JSON or as Python
 * prints them.
 */
final class ClassNames {
    static final List<String> KEYS = List.of("class_names", "classes", "structures", "names", "labels", "id2label");
    private static final int LONGEST = 1 << 16;
    private static final int MOST = 4096;
    private static final String QUOTED = "\"([^\"\\\\]*)\"|'([^'\\\\]*)'";
    private static final Pattern LIST = Pattern.compile("\\G\\s*(?:" + QUOTED + ")\\s*(?:,|$)");
    private static final Pattern ENTRY = Pattern.compile("\\G\\s*[\"']?(\\d{1,4})[\"']?\\s*:\\s*(?:" + QUOTED
            + ")\\s*(?:,|$)");

    private ClassNames() {
    }

    /** The names in order of the classes; empty if the metadata has none that can be read. */
    static List<String> of(Map<String, String> metadata) {
        for (String key : KEYS) {
            String text = metadata.get(key);
            if (text != null && text.length() <= LONGEST) {
                List<String> names = parse(text.strip());
                if (!names.isEmpty() && names.stream().allMatch(n -> !n.isBlank() && n.length() <= 256)) {
                    return names;
                }
            }
        }
        return List.of();
    }

    private static List<String> parse(String text) {
        if (text.startsWith("{") && text.endsWith("}")) {
            return entries(text.substring(1, text.length() - 1));
        }
        if (text.startsWith("[") && text.endsWith("]") || text.startsWith("(") && text.endsWith(")")) {
            return list(text.substring(1, text.length() - 1));
        }
        if (text.startsWith("{") || text.startsWith("[") || text.startsWith("(")) {
            return List.of();
        }
        return Arrays.stream(text.split("[,\n]", -1)).map(String::strip).toList();
    }

    private static List<String> list(String text) {
        List<String> all = new ArrayList<>();
        Matcher m = LIST.matcher(text);
        int end = 0;
        while (m.find()) {
            all.add(m.group(1) == null ? m.group(2) : m.group(1));
            end = m.end();
        }
        return text.substring(end).isBlank() ? all : List.of();
    }

    private static List<String> entries(String text) {
        String[] all = new String[MOST];
        Matcher m = ENTRY.matcher(text);
        int count = 0;
        int end = 0;
        while (m.find()) {
            int index = Integer.parseInt(m.group(1));
            if (index >= MOST || all[index] != null) {
                return List.of();
            }
            all[index] = m.group(2) == null ? m.group(3) : m.group(2);
            count++;
            end = m.end();
        }
        List<String> names = Arrays.asList(all).subList(0, count);
        return text.substring(end).isBlank() && !names.contains(null) ? List.copyOf(names) : List.of();
    }
}
