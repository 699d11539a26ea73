package radedit.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

import radedit.tensor.Shape;

/**
 * A network made of numbers, so that jqwik can shrink it: every list of steps is a valid graph, and so is a shorter one.
 *
 * @param batch
 *            of all inputs
 * @param side
 *            of the input picture [batch, side, side + 1, 4]
 * @param steps
 *            the operations in their order
 */
record RandomGraph(int batch, int side, List<Step> steps) {
    /** Widest value and largest picture, so that graphs stay small. */
    private static final int MOST_CHANNELS = 16;
    private static final int MOST_ROWS = 12;

    /** What a step does; on a value that it cannot be done to it does the one before it, down to IDENTITY. */
    enum Kind {
        IDENTITY, ACTIVATION, ADD, ADD_PER_SAMPLE, LINEAR, CONV, POINTWISE, NORMALISED_CONV, DOUBLE, UPSAMPLE, GEGLU,
        BATCH_NORM, GROUP_NORM, LAYER_NORM, SCALE_SHIFT, CONCAT, SLICE, TOKENS
    }

    /**
     * An operation.
     *
     * @param on
     *            the value it works on, counted from the latest
     * @param with
     *            the other one, counted likewise among those that fit
     * @param variant
     *            which function, which number of channels
     * @param output
     *            whether the result is one of the graph's
     */
    record Step(Kind kind, int on, int with, int variant, boolean output) {}

    static Arbitrary<RandomGraph> all() {
        // Mostly chains of what can be fused, or few graphs would have any of the patterns that fusion looks for.
        Arbitrary<Kind> kinds = Arbitraries.frequencyOf(Tuple.of(2, Arbitraries.of(Kind.values())),
                Tuple.of(3, Arbitraries.of(Kind.LINEAR, Kind.CONV, Kind.POINTWISE, Kind.NORMALISED_CONV, Kind.DOUBLE)),
                Tuple.of(3, Arbitraries.of(Kind.ADD, Kind.ADD_PER_SAMPLE, Kind.ACTIVATION)));
        Arbitrary<Integer> on = Arbitraries.frequency(Tuple.of(8, 0), Tuple.of(1, 1), Tuple.of(1, 3));
        Arbitrary<Step> step = Combinators.combine(kinds, on, Arbitraries.integers().between(0, 3),
                Arbitraries.frequency(Tuple.of(4, 0), Tuple.of(1, 1), Tuple.of(1, 2)),
                Arbitraries.frequency(Tuple.of(7, false), Tuple.of(1, true))).as(Step::new);
        return Combinators.combine(Arbitraries.integers().between(1, 2), Arbitraries.integers().between(1, 4),
                step.list().ofMinSize(1).ofMaxSize(14)).as(RandomGraph::new);
    }

    Graph build() {
        Scope s = Scope.root();
        List<Value> values = new ArrayList<>();
        values.add(s.input("x", Shape.of(batch, side, side + 1, 4)));
        Value vector = s.input("vector", Shape.of(batch, 6));
        Map<String, Value> outputs = new LinkedHashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Value x = latest(values, step.on);
            values.add(apply(step, s, "n" + i, x, values, vector));
            if (step.output || i == steps.size() - 1) {
                outputs.put("y" + i, values.getLast());
            }
        }
        return s.build(outputs);
    }

    private static Value latest(List<Value> values, int back) {
        return values.get(Math.floorMod(values.size() - 1 - back, values.size()));
    }

    private static Value apply(Step step, Scope s, String name, Value x, List<Value> values, Value vector) {
        int c = x.channels();
        boolean picture = x.shape().rank() == 4;
        boolean small = picture && x.dim(1) <= MOST_ROWS && x.dim(2) <= MOST_ROWS;
        return switch (step.kind) {
            case IDENTITY -> s.identity(name, x);
            case ACTIVATION -> s.activation(name, x, Activation.values()[1 + (step.variant + step.with) % 3]);
            case ADD -> {
                List<Value> fitting = values.stream()
                        .filter(v -> v.shape().equals(x.shape()) && (step.with == 3 || !v.equals(x))).toList();
                Value other = fitting.isEmpty() ? x : latest(fitting, step.with);
                yield step.variant == 1 ? s.add(name, other, x) : s.add(name, x, other);
            }
            case ADD_PER_SAMPLE -> s.add(name, x, s.linear(name + "v", vector, c));
            case LINEAR -> s.linear(name, x, 4 << step.variant, step.with != 3);
            case CONV -> picture ? s.conv2d(name, x, 4 << step.variant, 3) : s.linear(name, x, c);
            case POINTWISE -> picture
                    ? s.conv2d(name, x, 4 << step.variant, 1, 1 + step.with % 2, Padding.all(0), step.with < 2)
                    : s.linear(name, x, c);
            case NORMALISED_CONV -> picture
                    ? s.batchNorm(name + "b", s.conv2d(name, x, 4 << step.variant, 3), 1)
                    : s.linear(name, x, c);
            case DOUBLE -> small
                    ? s.conv2d(name, s.upsample(name + "u", x, 2 * x.dim(1), 2 * x.dim(2)), 4 << step.variant, 3)
                    : s.identity(name, x);
            case UPSAMPLE -> small
                    ? s.upsample(name, x, x.dim(1) + step.variant, 2 * x.dim(2))
                    : s.identity(name, x);
            case GEGLU -> step.with == 0
                    ? s.geglu(name, x)
                    : s.geglu(name, s.linear(name + "l", x, 4 << step.variant));
            case BATCH_NORM -> picture ? s.batchNorm(name, x, 1) : s.identity(name, x);
            case GROUP_NORM -> s.groupNorm(name, x, c % 2 == 0 ? 2 : 1, 1);
            case LAYER_NORM -> s.layerNorm(name, x, 1);
            case SCALE_SHIFT -> s.scaleShift(name, x, s.linear(name + "s", vector, c), s.linear(name + "t", vector, c));
            case CONCAT -> {
                List<Value> fitting = values.stream()
                        .filter(v -> v.shape().with(-1, 1).equals(x.shape().with(-1, 1))
                                && v.channels() + c <= MOST_CHANNELS)
                        .toList();
                yield fitting.isEmpty() ? s.identity(name, x) : s.concat(name, x, latest(fitting, step.with));
            }
            case SLICE -> s.slice(name, x, 0, Math.max(2, c / 2 / 2 * 2));
            case TOKENS -> picture ? s.tokens(name, x) : s.identity(name, x);
        };
    }
}
