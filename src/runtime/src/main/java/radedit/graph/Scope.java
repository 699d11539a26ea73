package radedit.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.tensor.Shape;

/**
 * A place in a network under construction: the path of a module in the published checkpoint. Operations recorded here
 * are named path.name and find their weights under path.name.weight and path.name.bias, so no weight is ever renamed.
 */
public final class Scope {
    private final List<Node> nodes;
    private final String path;

    private Scope(List<Node> nodes, String path) {
        this.nodes = nodes;
        this.path = path;
    }

    /** The top of an empty network. */
    public static Scope root() {
        return new Scope(new ArrayList<>(), "");
    }

    /** A module below this one. */
    public Scope at(String module) {
        return new Scope(nodes, join(module));
    }

    /** The module of this index in a list below this one. */
    public Scope at(String list, int index) {
        return at(list + "." + index);
    }

    private String join(String name) {
        return path.isEmpty() ? name : name.isEmpty() ? path : path + "." + name;
    }

    /** A value given at run time under this name. */
    public Value input(String name, Shape shape) {
        return add(name, new Op.Input(shape), List.of(), List.of());
    }

    /** Convolution that keeps the size: stride 1, (kernel - 1) / 2 zeros around, with bias. */
    public Value conv2d(String name, Value x, int outChannels, int kernel) {
        return conv2d(name, x, outChannels, kernel, 1, Padding.all((kernel - 1) / 2), true);
    }

    public Value conv2d(String name, Value x, int outChannels, int kernel, int stride, Padding padding, boolean bias) {
        Shape w = Shape.of(outChannels, x.channels(), kernel, kernel);
        return add(name, new Op.Conv2d(outChannels, kernel, stride, padding, bias, false, null, Epilogue.NONE),
                List.of(x),
                weights(name, w, bias));
    }

    /** x W^T + b. */
    public Value linear(String name, Value x, int outFeatures) {
        return linear(name, x, outFeatures, true);
    }

    public Value linear(String name, Value x, int outFeatures, boolean bias) {
        return add(name, new Op.Linear(outFeatures, bias, Epilogue.NONE), List.of(x),
                weights(name, Shape.of(outFeatures, x.channels()), bias));
    }

    /** A matrix product whose weight is another module's table, as in language-model heads. */
    public Value tiedLinear(String name, Value x, Weight weight, Weight bias) {
        return add(name, new Op.Linear(weight.shape().dim(0), true, Epilogue.NONE), List.of(x), List.of(weight, bias));
    }

    public Value groupNorm(String name, Value x, int groups, double eps) {
        return add(name, new Op.GroupNorm(groups, eps, Activation.NONE), List.of(x),
                weights(name, Shape.of(x.channels()), true));
    }

    public Value batchNorm(String name, Value x, double eps) {
        Shape c = Shape.of(x.channels());
        List<Weight> all = new ArrayList<>(weights(name, c, true));
        all.add(parameter(name + ".running_mean", c));
        all.add(parameter(name + ".running_var", c));
        return add(name, new Op.BatchNorm(eps), List.of(x), all);
    }

    public Value maxPool(String name, Value x, int kernel, int stride, int padding) {
        return add(name, new Op.MaxPool(kernel, stride, padding), List.of(x), List.of());
    }

    /** The mean over all pixels. */
    public Value meanPool(String name, Value x) {
        return add(name, new Op.MeanPool(), List.of(x), List.of());
    }

    public Value layerNorm(String name, Value x, double eps) {
        return add(name, new Op.LayerNorm(eps), List.of(x), weights(name, Shape.of(x.channels()), true));
    }

    public Value activation(String name, Value x, Activation function) {
        return add(name, new Op.Activate(function), List.of(x), List.of());
    }

    public Value add(String name, Value a, Value b) {
        return add(name, new Op.Add(), List.of(a, b), List.of());
    }

    public Value scaleShift(String name, Value x, Value scale, Value shift) {
        return add(name, new Op.ScaleShift(), List.of(x, scale, shift), List.of());
    }

    public Value geglu(String name, Value x) {
        return add(name, new Op.Geglu(), List.of(x), List.of());
    }

    /** Multi-head attention with scores scaled by 1 / sqrt(channels per head). */
    public Value attention(String name, Value q, Value k, Value v, int heads) {
        int headSize = q.channels() / heads;
        double scale = 1 / Math.sqrt(headSize);
        return add(name, new Op.Attention(heads, scale, false), List.of(q, k, v), List.of());
    }

    /** The same with keys left out where {@code mask} [b, m] is 0. */
    public Value attention(String name, Value q, Value k, Value v, Value mask, int heads) {
        int headSize = q.channels() / heads;
        double scale = 1 / Math.sqrt(headSize);
        return add(name, new Op.Attention(heads, scale, true), List.of(q, k, v, mask), List.of());
    }

    public Value concat(String name, Value... parts) {
        return add(name, new Op.Concat(), Arrays.asList(parts), List.of());
    }

    public Value upsample(String name, Value x, int height, int width) {
        return add(name, new Op.Upsample(height, width), List.of(x), List.of());
    }

    public Value slice(String name, Value x, int from, int to) {
        return add(name, new Op.Slice(from, to), List.of(x), List.of());
    }

    public Value reshape(String name, Value x, Shape to) {
        return add(name, new Op.Reshape(to), List.of(x), List.of());
    }

    /** [b, h, w, c] as [b, h * w, c]. */
    public Value tokens(String name, Value x) {
        return reshape(name, x, Shape.of(x.dim(0), x.dim(1) * x.dim(2), x.channels()));
    }

    public Value embedding(String name, Value ids, int rows, int channels) {
        return add(name, new Op.Embedding(channels), List.of(ids), List.of(table(name, rows, channels)));
    }

    /** The first {@code count} rows of a table, one for each position. */
    public Value tableRows(String name, int count, int rows, int channels) {
        if (count > rows) {
            throw new IllegalArgumentException(join(name) + " has " + rows + " rows, " + count + " are needed");
        }
        return add(name, new Op.TableRows(0, 1, count, channels), List.of(), List.of(table(name, rows, channels)));
    }

    /** The first row of a table, for each of {@code count} positions. */
    public Value firstRow(String name, int count, int rows, int channels) {
        return repeatedRow(name, table(name, rows, channels), 0, count, channels);
    }

    /** One row of a parameter, for each of {@code count} positions: [1, count, channels]. */
    public Value repeatedRow(String name, Weight table, int row, int count, int channels) {
        return add(name, new Op.TableRows(row, 0, count, channels), List.of(), List.of(table));
    }

    /** Where each cell of a grid lies, as sines and cosines. */
    public Value gridPositions(String name, int height, int width, int channels) {
        return add(name, new Op.GridPositions(height, width, channels), List.of(), List.of());
    }

    /** The table of an embedding module, for tied weights. */
    public Weight table(String name, int rows, int channels) {
        return new Weight(join(name + ".weight"), Shape.of(rows, channels));
    }

    /** A parameter of this module that is called neither weight nor bias, or belongs to no operation of its own. */
    public Weight parameter(String name, Shape shape) {
        return new Weight(join(name), shape);
    }

    public Value timestepEmbedding(String name, Value timesteps, int dim, boolean flipSinToCos, double shift) {
        return add(name, new Op.TimestepEmbedding(dim, flipSinToCos, shift), List.of(timesteps), List.of());
    }

    public Value token(String name, Value x, int index) {
        return add(name, new Op.Token(index), List.of(x), List.of());
    }

    public Value l2Normalize(String name, Value x, double eps) {
        return add(name, new Op.L2Normalize(eps), List.of(x), List.of());
    }

    /** A module that does nothing in inference; it stays visible to audits under its name. */
    public Value identity(String name, Value x) {
        return add(name, new Op.Identity(), List.of(x), List.of());
    }

    private List<Weight> weights(String name, Shape shape, boolean bias) {
        Weight w = new Weight(join(name + ".weight"), shape);
        return bias ? List.of(w, new Weight(join(name + ".bias"), Shape.of(shape.dim(0)))) : List.of(w);
    }

    private Value add(String name, Op op, List<Value> inputs, List<Weight> weights) {
        Shape shape = op.infer(inputs.stream().map(Value::shape).toList());
        Value out = new Value(nodes.size(), shape);
        nodes.add(new Node(join(name), op, inputs, weights, out, List.of()));
        return out;
    }

    /**
     * Ends the construction. A module that was called several times keeps its name for the last call, as a PyTorch
     * forward hook would see it; the earlier calls are name@1, name@2, ...
     */
    public Graph build(Map<String, Value> outputs) {
        Map<String, Integer> calls = new HashMap<>();
        nodes.forEach(n -> calls.merge(n.name(), 1, Integer::sum));
        Map<String, Integer> seen = new HashMap<>();
        List<Node> named = new ArrayList<>();
        for (Node n : nodes) {
            int call = seen.merge(n.name(), 1, Integer::sum);
            String name = call == calls.getOrDefault(n.name(), 1) ? n.name() : n.name() + "@" + call;
            named.add(new Node(name, n.op(), n.inputs(), n.weights(), n.output(), n.covers()));
        }
        return new Graph(List.copyOf(named), new LinkedHashMap<>(outputs));
    }
}
