package radedit.cli;

import java.io.PrintWriter;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.files.Messages;
import radedit.files.ShellWords;

/** Settings for people: a line each, those within others further to the right. */
final class SettingsText {
    private SettingsText() {
    }

    static void print(PrintWriter out, String indent, JsonNode object) {
        for (Map.Entry<String, JsonNode> e : object.properties()) {
            JsonNode value = e.getValue();
            String name = indent + Messages.printable(e.getKey()).replace('_', ' ');
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
