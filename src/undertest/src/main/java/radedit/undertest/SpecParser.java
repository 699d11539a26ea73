package radedit.undertest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import radedit.undertest.InputSpec.Filter;
import radedit.undertest.InputSpec.Layout;
import radedit.undertest.InputSpec.Resize;
import radedit.undertest.InputSpec.ElementType;
import radedit.undertest.ModelUnderTest.Kind;
import radedit.undertest.OutputSpec.Activation;
import radedit.undertest.OutputSpec.Channel;
import radedit.undertest.OutputSpec.Values;

/** Parses the objects of a preprocessing file, and refuses contradictions. */
final class SpecParser {
    private static final int LONGEST_SIDE = 4096;
    private static final double MOST = 1e6;

    private SpecParser() {
    }

    /** Checks the keys outside of "input" and "output" and returns the object of one of these. */
    private static SpecReader part(String source, ObjectNode json, String key) throws ModelException {
        SpecReader top = new SpecReader(source, "", json);
        top.text("description");
        for (String k : List.of("preset", "task", "input", "output")) {
            top.get(k);
        }
        top.done();
        SpecReader part = top.object(key);
        if (part == null) {
            throw top.bad(key, "is missing" + (key.equals("output")
                    ? "; it says what the model returns, such as {\"values\": \"logits\", \"activation\": \"sigmoid\"}"
                    : "; it says what the model takes, such as {\"size\": 224, \"range\": [0, 1]}"));
        }
        return part;
    }

    static InputSpec input(String source, ObjectNode json) throws ModelException {
        SpecReader in = part(source, json, "input");
        Size size = size(in);
        Resize resize = or(in.word("resize", Resize.class), Resize.STRETCH);
        int longest = size == null ? 1 : Math.max(size.width(), size.height());
        if (in.has("shorter_side") && resize != Resize.SHORTER_SIDE) {
            throw in.bad("shorter_side", "is for resize \"shorter-side\" only");
        }
        if (in.has("margin") && resize != Resize.PAD) {
            throw in.bad("margin", "is for resize \"pad\" only");
        }
        int shorter = in.integer("shorter_side", 0, 1, LONGEST_SIDE);
        if (shorter > 0 && shorter < longest) {
            throw in.bad("shorter_side", "is " + shorter + ", less than a side of size " + size
                    + ", to which the centre is cropped");
        }
        int channels = in.integer("channels", 1, 1, 3);
        if (channels == 2) {
            throw in.bad("channels", "is 2, 1 (grey) or 3 is expected");
        }
        List<Double> range = in.numbers("range", -MOST, MOST);
        if (range == null || range.size() != 2 || range.get(0) >= range.get(1)) {
            throw in.bad("range", "has to be the values of black and white, such as [0, 1], [0, 255] or [-1024, 1024]"
                    + " (negatives: \"invert\": true)");
        }
        ElementType type = or(in.word("type", ElementType.class), ElementType.FLOAT32);
        List<Double> mean = channelNumbers(in, "mean", channels);
        List<Double> std = channelNumbers(in, "std", channels);
        if (type == ElementType.UINT8 && (!range.equals(List.of(0.0, 255.0)) || !mean.isEmpty() || !std.isEmpty())) {
            throw in.bad("type", "\"uint8\" needs the range [0, 255] and neither mean nor std");
        }
        for (double m : mean) {
            if (m < range.get(0) || m > range.get(1)) {
                throw in.bad("mean", "has " + m + ", which is outside of the range " + range
                        + "; mean and std apply after the range");
            }
        }
        for (double s : std) {
            if (s <= 0) {
                throw in.bad("std", "has " + s + ", numbers above 0 are expected");
            }
        }
        InputSpec spec = new InputSpec(in.text("name"), size, in.flag("square"), resize, shorter,
                or(in.word("filter", Filter.class), Filter.BILINEAR), in.number("margin", 0, 0, 255), channels,
                or(in.word("layout", Layout.class), Layout.NCHW), range.get(0), range.get(1), mean, std,
                in.flag("invert"), type);
        in.done();
        return spec;
    }

    private static <E> E or(@Nullable E value, E fallback) {
        return value == null ? fallback : value;
    }

    private static List<Double> channelNumbers(SpecReader in, String key, int channels) throws ModelException {
        List<Double> all = in.numbers(key, -MOST, MOST);
        if (all == null) {
            return List.of();
        }
        if (all.size() != channels && all.size() != 1) {
            throw in.bad(key, "has " + all.size() + " numbers for " + channels + (channels == 1
                    ? " channel"
                    : " channels"));
        }
        return all.size() == channels ? all : List.of(all.getFirst(), all.getFirst(), all.getFirst());
    }

    private static @Nullable Size size(SpecReader in) throws ModelException {
        JsonNode v = in.get("size");
        if (v == null) {
            return null;
        }
        if (v.isNumber()) {
            int side = in.integer("size", v, 1, LONGEST_SIDE);
            return new Size(side, side);
        }
        if (v.textValue() == null || !v.textValue().matches("[1-9]\\d{0,3}x[1-9]\\d{0,3}")) {
            throw in.bad("size", "is " + SpecReader.shorten(v.toString())
                    + ", a number or \"WIDTHxHEIGHT\" is expected, such as \"512x512\"");
        }
        String[] sides = v.textValue().split("x");
        Size s = new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        if (Math.max(s.width(), s.height()) > LONGEST_SIDE) {
            throw in.bad("size", "is " + s + ", sides of up to " + LONGEST_SIDE + " are expected");
        }
        return s;
    }

    static OutputSpec output(String source, ObjectNode json) throws ModelException {
        SpecReader out = part(source, json, "output");
        Kind kind = kind(new SpecReader(source, "", json), out);
        boolean classes = kind == Kind.CLASSIFICATION;
        String key = classes ? "classes" : "structures";
        String other = classes ? "structures" : "classes";
        if (out.has(other)) {
            throw out.bad(other, "does not belong to the task \"" + InputSpec.word(kind) + "\"; \"" + key + "\" does");
        }
        Values values = out.word("values", Values.class);
        if (values == null) {
            throw out.bad("values", "is missing; it is \"probabilities\", \"logits\""
                    + (classes ? "" : " or \"labels\""));
        }
        if (values == Values.LABELS && classes) {
            throw out.bad("values", "\"labels\" is for segmentation only; a classifier has to return scores");
        }
        Activation activation = out.word("activation", Activation.class);
        if (values == Values.LABELS && activation != null) {
            throw out.bad("activation", "does not belong to \"labels\"");
        }
        if (values == Values.LOGITS && activation == null) {
            throw out.bad("activation",
                    "is missing; it says how logits become probabilities: \"sigmoid\" or \"softmax\"");
        }
        if (out.has("layout") && (classes || values == Values.LABELS)) {
            throw out.bad("layout", "is for the channels of a segmentation only");
        }
        JsonNode names = out.get(key);
        if (names == null && !classes && values == Values.LABELS) {
            throw out.bad(key, "is missing; it says which label is which structure, such as {\"Left Lung\": 1}");
        }
        int columns = names != null && names.isArray() && values != Values.LABELS ? names.size() : 0;
        List<Channel> channels = names == null ? List.of() : channels(out, key, names);
        if (activation == Activation.SOFTMAX && columns == 1) {
            throw out.bad("activation", "\"softmax\" of one channel is always 1; \"sigmoid\" is meant");
        }
        OutputSpec spec = new OutputSpec(kind, out.text("name"), values, or(activation, Activation.SIGMOID), columns,
                channels, thresholds(out), or(out.word("layout", Layout.class), Layout.NCHW));
        if (names != null && spec.fault() != null) {
            throw out.bad(key, "cannot be used: " + spec.fault());
        }
        if (!spec.thresholds().isEmpty() && (values == Values.LABELS || !classes
                && spec.activation() == Activation.SOFTMAX)) {
            throw out.bad("thresholds", "do not apply where structures exclude each other");
        }
        out.done();
        return spec;
    }

    private static Kind kind(SpecReader top, SpecReader out) throws ModelException {
        Kind kind = top.word("task", Kind.class);
        if (kind == null && out.has("classes") == out.has("structures")) {
            throw top.bad("task", "is missing; it is \"classification\" or \"segmentation\"");
        }
        return kind != null ? kind : out.has("classes") ? Kind.CLASSIFICATION : Kind.SEGMENTATION;
    }

    private static List<Channel> channels(SpecReader out, String key, JsonNode names) throws ModelException {
        if (names instanceof ObjectNode o) {
            Map<Integer, String> byIndex = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> e : out.entries(key, o).entrySet()) {
                int index = out.integer(key, e.getValue(), 0, SpecReader.MOST_NAMES);
                String first = byIndex.putIfAbsent(index, e.getKey());
                if (first != null) {
                    throw out.bad(key, "has number " + index + " for both '" + first + "' and '" + e.getKey() + "'");
                }
            }
            return byIndex.entrySet().stream().map(e -> new Channel(e.getValue(), e.getKey())).toList();
        }
        return OutputSpec.named(out.names(key, names));
    }

    private static Map<String, Double> thresholds(SpecReader out) throws ModelException {
        JsonNode v = out.get("thresholds");
        Map<String, Double> all = new LinkedHashMap<>();
        if (v instanceof ObjectNode o) {
            for (Map.Entry<String, JsonNode> e : out.entries("thresholds", o).entrySet()) {
                all.put(e.getKey(), out.number("thresholds", e.getValue(), 0, 1));
            }
        } else if (v != null) {
            all.put("", out.number("thresholds", v, 0, 1));
        }
        for (double t : all.values()) {
            if (t <= 0 || t >= 1) {
                throw out.bad("thresholds", "has " + t + ", probabilities between 0 and 1 are expected");
            }
        }
        return all;
    }
}
