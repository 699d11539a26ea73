package radedit.serve;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The OpenAPI document of this server: its routes, the schemas of requests, and what a form needs to know of them. */
final class ApiDocument {
    private final ObjectNode document = Json.resource("openapi.json");

    ObjectNode json() {
        return document;
    }

    /** The schema of a component, such as {@code EditRequest}. */
    Schema schema(String component) {
        return new Schema(document, document.at("/components/schemas/" + component));
    }

    /** The schema of a JSON body. */
    Schema body(String path, String method) {
        return new Schema(document, document.path("paths").path(path).path(method).path("requestBody").path("content")
                .path(Call.JSON).path("schema"));
    }

    /** All routes, as "METHOD path". */
    Set<String> routes() {
        TreeSet<String> all = new TreeSet<>();
        for (Map.Entry<String, JsonNode> p : document.get("paths").properties()) {
            p.getValue().fieldNames().forEachRemaining(m -> all.add(m.toUpperCase(Locale.ROOT) + " "
                    + p.getKey()));
        }
        return all;
    }

    /** The options of a request, in the order of its form. */
    ArrayNode options(String component) {
        JsonNode schema = document.at("/components/schemas/" + component);
        ArrayNode all = schema.isMissingNode() ? null : Json.object().arrayNode();
        if (all == null) {
            throw new IllegalArgumentException(component);
        }
        TreeSet<String> required = new TreeSet<>();
        schema.path("required").forEach(r -> required.add(r.asText()));
        for (Map.Entry<String, JsonNode> p : schema.get("properties").properties()) {
            JsonNode s = p.getValue();
            ObjectNode o = all.addObject();
            o.put("name", p.getKey()).put("group", s.path("x-group").asText("Output"))
                    .put("type", s.has("oneOf") ? "mask" : s.get("type").asText())
                    .put("help", s.path("description").asText()).put("required", required.contains(p.getKey()));
            copy(s, "default", o, "default");
            copy(s, "minimum", o, "minimum");
            copy(s, "maximum", o, "maximum");
            copy(s, "enum", o, "choices");
            copy(s, "x-unset", o, "unset");
        }
        return all;
    }

    private static void copy(JsonNode from, String key, ObjectNode to, String name) {
        if (from.has(key)) {
            to.set(name, from.get(key));
        }
    }
}
