package radedit.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.files.Messages;
import radedit.files.ShellWords;

/** Prints settings for people: one per line, nested ones indented, without nulls. */
final class SettingsText {
    /** Indices from 0 that "picture" repeats, counted from 1. */
    private static final Set<String> COUNTED_FROM_0 = Set.of("image", "images");

    private SettingsText() {
    }

    static void print(PrintWriter out, String indent, JsonNode object) {
        for (Map.Entry<String, JsonNode> e : object.properties()) {
            JsonNode value = e.getValue();
            if (value.isNull() || object.has("picture") && COUNTED_FROM_0.contains(e.getKey())) {
                continue;
            }
            String name = indent + Messages.printable(e.getKey()).replace('_', ' ').strip();
            if (e.getKey().equals("command_line") && value.isArray()) {
                out.println(name + ": " + Messages.escaped(
                        ShellWords.joined(value.valueStream().map(JsonNode::asText).toList())));
            } else if (value.isObject()) {
                out.println(name + ":");
                print(out, indent + "  ", value);
            } else {
                out.println(name + ": " + Messages.escaped(value.isTextual() ? value.asText() : value.toString()));
            }
        }
    }
}
