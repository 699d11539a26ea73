package radedit.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Checks values against the schemas of the OpenAPI document, and fills defaults in, so that the document is what requests
 * are held against. Of JSON Schema, what the document uses: type, enum, minimum, maximum, lengths, pattern, properties,
 * required, additionalProperties, items, oneOf and references.
 */
final class Schema {
    private final ObjectNode document;
    private final JsonNode schema;

    /**
     * @param document
     *            in which references are looked up
     */
    Schema(ObjectNode document, JsonNode schema) {
        this.document = document;
        this.schema = resolved(document, schema);
    }

    private static JsonNode resolved(ObjectNode document, JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
    }

    /**
     * An object with defaults in place of what it lacks.
     *
     * @throws HttpError
     *             400 if it is not an object, 422 if a field is wrong
     */
    ObjectNode check(JsonNode value) {
        if (!(value instanceof ObjectNode o)) {
            throw new HttpError(400, "a JSON object is expected");
        }
        return (ObjectNode) check("", o.deepCopy(), schema);
    }

    /**
     * Removes the fields that {@link #check} would refuse; missing ones are not looked for.
     *
     * @param said
     *            receives what is wrong with each
     */
    void removeWrong(ObjectNode o, Consumer<String> said) {
        for (String key : o.properties().stream().map(Map.Entry::getKey).toList()) {
            try {
                check(key, o.get(key), schema.path("properties").path(key));
            } catch (HttpError e) {
                o.remove(key);
                said.accept(String.valueOf(e.getMessage()));
            }
        }
    }

    private JsonNode check(String name, JsonNode value, JsonNode any) {
        JsonNode s = resolved(document, any);
        if (s.has("oneOf")) {
            return oneOf(name, value, s);
        }
        if (s.has("type") && types(s).stream().noneMatch(t -> is(value, t))) {
            throw wrong(name, "must be " + describe(s) + ", not " + shown(value));
        }
        if (s.has("enum") && !value.isNull()) {
            requireOneOf(name, value, s.get("enum"));
        }
        switch (value) {
            case ObjectNode o -> object(name, o, s);
            case ArrayNode a -> array(name, a, s);
            default -> scalar(name, value, s);
        }
        return value;
    }

    private JsonNode oneOf(String name, JsonNode value, JsonNode s) {
        for (JsonNode each : s.get("oneOf")) {
            JsonNode r = resolved(document, each);
            if (types(r).stream().anyMatch(t -> is(value, t))) {
                return check(name, value, r);
            }
        }
        List<String> all = new ArrayList<>();
        s.get("oneOf").forEach(each -> all.add(describe(resolved(document, each))));
        throw wrong(name, "must be " + String.join(" or ", all) + ", not " + shown(value));
    }

    private void object(String name, ObjectNode o, JsonNode s) {
        JsonNode properties = s.path("properties");
        String within = name.isEmpty() ? "" : name + ".";
        List<String> given = new ArrayList<>();
        o.fieldNames().forEachRemaining(given::add);
        for (String key : given) {
            if (properties.has(key)) {
                o.set(key, check(within + key, o.get(key), properties.get(key)));
            } else if (s.path("additionalProperties").isBoolean()) {
                TreeSet<String> known = new TreeSet<>();
                properties.fieldNames().forEachRemaining(known::add);
                throw new HttpError(422, within + key, "there is no field " + Words.quoted(within + key)
                        + "; the fields are " + String.join(", ", known));
            }
        }
        for (JsonNode r : s.path("required")) {
            if (!o.has(r.asText())) {
                throw wrong(within + r.asText(), "is missing");
            }
        }
        if (o.size() < s.path("minProperties").asInt(0)
                || o.size() > s.path("maxProperties").asInt(Integer.MAX_VALUE)) {
            throw wrong(name, "must have exactly one field");
        }
        for (Map.Entry<String, JsonNode> p : properties.properties()) {
            JsonNode d = resolved(document, p.getValue()).get("default");
            if (d != null && !o.has(p.getKey())) {
                o.set(p.getKey(), d);
            }
        }
    }

    private void array(String name, ArrayNode a, JsonNode s) {
        int least = s.path("minItems").asInt(0);
        int most = s.path("maxItems").asInt(Integer.MAX_VALUE);
        if (a.size() < least || a.size() > most) {
            throw wrong(name, "must have " + least + " to " + most + " items, not " + a.size());
        }
        for (int i = 0; i < a.size(); i++) {
            a.set(i, check(name + "[" + i + "]", a.get(i), s.path("items")));
        }
    }

    private void scalar(String name, JsonNode value, JsonNode s) {
        if (value.isNumber()) {
            double v = value.asDouble();
            if (!Double.isFinite(v) || s.has("minimum") && v < s.get("minimum").asDouble()
                    || s.has("maximum") && v > s.get("maximum").asDouble()) {
                throw wrong(name, "must be " + describe(s) + ", not " + shown(value));
            }
        }
        if (value.isTextual()) {
            String text = value.asText();
            if (text.length() < s.path("minLength").asInt(0)) {
                throw wrong(name, "is empty");
            }
            if (text.length() > s.path("maxLength").asInt(Integer.MAX_VALUE)) {
                throw wrong(name, "has " + text.length() + " characters, more than " + s.get("maxLength").asInt());
            }
            if (s.has("pattern") && !Pattern.compile(s.get("pattern").asText()).matcher(text).find()) {
                throw wrong(name, "is not of the expected form, "
                        + s.path("x-form").asText(s.get("pattern").asText()));
            }
        }
    }

    private static void requireOneOf(String name, JsonNode value, JsonNode choices) {
        List<String> all = new ArrayList<>();
        for (JsonNode c : choices) {
            if (c.equals(value)) {
                return;
            }
            all.add(c.asText());
        }
        throw wrong(name, "must be one of " + String.join(", ", all) + ", not " + shown(value));
    }

    private static HttpError wrong(String name, String fault) {
        return new HttpError(422, name.isEmpty() ? null : name, (name.isEmpty() ? "the request" : name) + " " + fault);
    }

    private static List<String> types(JsonNode s) {
        List<String> all = new ArrayList<>();
        JsonNode t = s.path("type");
        if (t.isArray()) {
            t.forEach(each -> all.add(each.asText()));
        } else {
            all.add(t.asText());
        }
        return all;
    }

    private static boolean is(JsonNode value, String type) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber() && value.canConvertToLong();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            case "null" -> value.isNull();
            default -> false;
        };
    }

    private static String describe(JsonNode s) {
        String type = types(s).getFirst();
        String range = s.has("minimum") && s.has("maximum")
                ? " from " + s.get("minimum").asText() + " to " + s.get("maximum").asText()
                : s.has("minimum") ? " of at least " + s.get("minimum").asText() : "";
        return switch (type) {
            case "string" -> "a text";
            case "integer" -> "a whole number" + range;
            case "number" -> "a number" + range;
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "null" -> "null";
            default -> "an object";
        };
    }

    private static String shown(JsonNode value) {
        return value.isContainerNode() ? value.isArray() ? "a list" : "an object" : Words.quoted(value.toString());
    }
}
