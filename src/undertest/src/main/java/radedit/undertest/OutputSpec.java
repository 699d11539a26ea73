package radedit.undertest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import radedit.undertest.InputSpec.Layout;

/**
 * What a model returns, and what it means.
 *
 * @param kind
 *            scores or masks
 * @param name
 *            the output tensor's name; null for the model's only fitting one
 * @param values
 *            what the values are
 * @param activation
 *            how logits become probabilities, or how probabilities were made
 * @param columns
 *            number of channels that the model has to return; 0 if it is not known
 * @param channels
 *            classes or structures, in order; empty if the model itself has to name them
 * @param thresholds
 *            probabilities from which on a class is positive, or a pixel in a structure, by name; that of the empty name
 *            is for all others, which have 0.5 without it
 * @param layout
 *            order of the axes of a segmenter's output
 */
public record OutputSpec(ModelUnderTest.Kind kind, @Nullable String name, Values values, Activation activation,
        int columns, List<Channel> channels, Map<String, Double> thresholds, Layout layout) {
    /** The threshold where none is given. */
    public static final double THRESHOLD = 0.5;

    /** What a model's values are. */
    public enum Values {
        /** From 0 to 1. */
        PROBABILITIES,
        /** Of any size; the activation makes probabilities of them. */
        LOGITS,
        /** The number of a structure, for each pixel. */
        LABELS
    }

    /** How logits become probabilities. */
    public enum Activation {
        /** 1 / (1 + exp(-x)) for each class or structure; they do not exclude each other. */
        SIGMOID,
        /** exp(x) over the sum of all; classes or structures exclude each other. */
        SOFTMAX
    }

    /**
     * A class or structure.
     *
     * @param name
     *            its name
     * @param index
     *            its column, channel or label, from 0
     */
    public record Channel(String name, int index) {
    }

    /** Copies lists and maps. */
    public OutputSpec {
        channels = List.copyOf(channels);
        thresholds = Collections.unmodifiableMap(new LinkedHashMap<>(thresholds));
    }

    /**
     * {@return the specification of scores, of independent classes}
     *
     * @param values
     *            probabilities or logits
     * @param names
     *            of the classes, in order; empty if the source of the scores names them
     * @throws IllegalArgumentException
     *             if two names are equal
     */
    public static OutputSpec scores(Values values, List<String> names) {
        OutputSpec spec = new OutputSpec(ModelUnderTest.Kind.CLASSIFICATION, null, values, Activation.SIGMOID, 0,
                List.of(), Map.of(), Layout.NCHW);
        return names.isEmpty() ? spec : spec.withNames(names);
    }

    /** {@return the names of classes or structures, in order} */
    public List<String> names() {
        return channels.stream().map(Channel::name).toList();
    }

    /**
     * {@return the probability from which on a class is positive, or a pixel in a structure}
     *
     * @param channel
     *            name of the class or structure
     */
    public double threshold(String channel) {
        return thresholds.getOrDefault(channel, thresholds.getOrDefault("", THRESHOLD));
    }

    /** {@return whether the model's values of all channels sum to 1} */
    public boolean sumsToOne() {
        return values == Values.PROBABILITIES && activation == Activation.SOFTMAX;
    }

    /**
     * {@return this with names for all channels}
     *
     * @param names
     *            in order of the channels; channels with an empty name are not used
     * @throws IllegalArgumentException
     *             if no name is left, two are equal, or a threshold is for another name
     */
    public OutputSpec withNames(List<String> names) {
        OutputSpec all = new OutputSpec(kind, name, values, activation, values == Values.LABELS ? 0 : names.size(),
                named(names), thresholds, layout);
        String fault = all.fault();
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        return all;
    }

    /** What is wrong with the names of channels and thresholds; null if nothing. */
    @Nullable
    String fault() {
        if (channels.isEmpty()) {
            return "there is no name that is not empty";
        }
        Set<String> all = new HashSet<>();
        for (Channel c : channels) {
            if (!all.add(c.name())) {
                return "the name '" + c.name() + "' is there twice";
            }
        }
        for (String t : thresholds.keySet()) {
            if (!t.isEmpty() && !all.contains(t)) {
                return "there is a threshold for '" + t + "', which is not among the names "
                        + String.join(", ", names());
            }
        }
        return null;
    }

    static List<Channel> named(List<String> names) {
        List<Channel> all = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).isEmpty()) {
                all.add(new Channel(names.get(i), i));
            }
        }
        return all;
    }

    /** {@return the keys of a preprocessing file's "output" that have this meaning} */
    public Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        if (name != null) {
            m.put("name", name);
        }
        m.put("values", InputSpec.word(values));
        if (values != Values.LABELS) {
            m.put("activation", InputSpec.word(activation));
        }
        boolean classes = kind == ModelUnderTest.Kind.CLASSIFICATION;
        if (!channels.isEmpty()) {
            m.put(classes ? "classes" : "structures", columns > 0 ? nameList() : indices());
        }
        if (!thresholds.isEmpty()) {
            m.put("thresholds", thresholds.size() == 1 && thresholds.containsKey("") ? thresholds.get("") : thresholds);
        }
        if (!classes && values != Values.LABELS) {
            m.put("layout", layout.name());
        }
        return m;
    }

    private List<String> nameList() {
        String[] all = new String[columns];
        Arrays.fill(all, "");
        channels.forEach(c -> all[c.index()] = c.name());
        return List.of(all);
    }

    private Map<String, Integer> indices() {
        Map<String, Integer> all = new LinkedHashMap<>();
        channels.forEach(c -> all.put(c.name(), c.index()));
        return all;
    }
}
