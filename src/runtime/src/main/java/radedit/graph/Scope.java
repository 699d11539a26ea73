package radedit.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.tensor.Shape;

/**
 * Builds a graph. A scope is the path of a module in the published checkpoint: an operation recorded here as
 * {@code name} is named path.name and has the weights path.name.weight and path.name.bias, so no weight is ever
 * renamed.
 *
 * <p>
 * Every operation's method takes the name of its module below this scope and the operands, appends a node and returns
 * its result; an operation that checks its operands throws IllegalArgumentException if their shapes do not fit.
 * Pictures are [batch, height, width, channels], sequences [batch, tokens, channels]. {@link Op} defines the
 * operations.
 */
public final class Scope {
    private final List<Node> nodes;
    private final String path;

    private Scope(List<Node> nodes, String path) {
        this.nodes = nodes;
        this.path = path;
    }

    /** {@return the root of an empty network} */
    public static Scope root() {
        return new Scope(new ArrayList<>(), "");
    }

    /**
     * {@return the scope of a module below this one}
     *
     * @param module
     *            its name
     */
    public Scope at(String module) {
        return new Scope(nodes, join(module));
    }

    /**
     * {@return the scope of a module in a list below this one}
     *
     * @param list
     *            the list's name
     * @param index
     *            the module's index in it
     */
    public Scope at(String list, int index) {
        return at(list + "." + index);
    }

    private String join(String name) {
        return path.isEmpty() ? name : name.isEmpty() ? path : path + "." + name;
    }

    /**
     * {@return a value given at run time}
     *
     * @param name
     *            the name of the input below this scope
     * @param shape
     *            its shape
     */
    public Value input(String name, Shape shape) {
        return add(name, new Op.Input(shape), List.of(), List.of());
    }

    /**
     * {@return a convolution that keeps the size: stride 1, (kernel - 1) / 2 zeros around, with bias}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            [b, h, w, c]
     * @param outChannels
     *            number of output channels
     * @param kernel
     *            rows and columns of the kernel, odd
     */
    public Value conv2d(String name, Value x, int outChannels, int kernel) {
        return conv2d(name, x, outChannels, kernel, 1, Padding.all((kernel - 1) / 2), true);
    }

    /**
     * {@return a convolution}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            [b, h, w, c]
     * @param outChannels
     *            number of output channels
     * @param kernel
     *            rows and columns of the kernel
     * @param stride
     *            step in both directions, in pixels
     * @param padding
     *            zeros around the input
     * @param bias
     *            whether there is a bias
     */
    public Value conv2d(String name, Value x, int outChannels, int kernel, int stride, Padding padding, boolean bias) {
        Shape w = Shape.of(outChannels, x.channels(), kernel, kernel);
        return add(name, new Op.Conv2d(outChannels, kernel, stride, padding, bias, false, null, Epilogue.NONE),
                List.of(x),
                weights(name, w, bias));
    }

    /**
     * {@return x W^T + b over the last axis}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand, [..., c]
     * @param outFeatures
     *            number of output channels
     */
    public Value linear(String name, Value x, int outFeatures) {
        return linear(name, x, outFeatures, true);
    }

    /**
     * {@return x W^T, or x W^T + b, over the last axis}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand, [..., c]
     * @param outFeatures
     *            number of output channels
     * @param bias
     *            whether there is a bias b
     */
    public Value linear(String name, Value x, int outFeatures, boolean bias) {
        return add(name, new Op.Linear(outFeatures, bias, Epilogue.NONE), List.of(x),
                weights(name, Shape.of(outFeatures, x.channels()), bias));
    }

    /**
     * {@return x W^T + b with the weight of another module, as in language-model heads}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand, [..., c]
     * @param weight
     *            W, [out, c]
     * @param bias
     *            b, [out]
     */
    public Value tiedLinear(String name, Value x, Weight weight, Weight bias) {
        return add(name, new Op.Linear(weight.shape().dim(0), true, Epilogue.NONE), List.of(x), List.of(weight, bias));
    }

    /**
     * {@return a group norm}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     * @param groups
     *            number of groups; divides the number of channels
     * @param eps
     *            added to the variance
     */
    public Value groupNorm(String name, Value x, int groups, double eps) {
        return add(name, new Op.GroupNorm(groups, eps, Activation.NONE), List.of(x),
                weights(name, Shape.of(x.channels()), true));
    }

    /**
     * {@return a batch norm; its statistics are the weights running_mean and running_var}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     * @param eps
     *            added to the variance
     */
    public Value batchNorm(String name, Value x, double eps) {
        Shape c = Shape.of(x.channels());
        List<Weight> all = new ArrayList<>(weights(name, c, true));
        all.add(parameter(name + ".running_mean", c));
        all.add(parameter(name + ".running_var", c));
        return add(name, new Op.BatchNorm(eps), List.of(x), all);
    }

    /**
     * {@return the maximum over a square window}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            [b, h, w, c]
     * @param kernel
     *            rows and columns of the window
     * @param stride
     *            step in both directions, in pixels
     * @param padding
     *            rows and columns by which the window may extend over each edge
     */
    public Value maxPool(String name, Value x, int kernel, int stride, int padding) {
        return add(name, new Op.MaxPool(kernel, stride, padding), List.of(x), List.of());
    }

    /**
     * {@return the mean over all pixels, [b, c]}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            [b, h, w, c]
     */
    public Value meanPool(String name, Value x) {
        return add(name, new Op.MeanPool(), List.of(x), List.of());
    }

    /**
     * {@return a layer norm over the last axis}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     * @param eps
     *            added to the variance
     */
    public Value layerNorm(String name, Value x, double eps) {
        return add(name, new Op.LayerNorm(eps), List.of(x), weights(name, Shape.of(x.channels()), true));
    }

    /**
     * {@return an elementwise function of x}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     * @param function
     *            the function
     */
    public Value activation(String name, Value x, Activation function) {
        return add(name, new Op.Activate(function), List.of(x), List.of());
    }

    /**
     * {@return a + b}
     *
     * @param name
     *            the module's name below this scope
     * @param a
     *            the first operand, whose shape the result has
     * @param b
     *            of the same shape, or broadcast as in {@link Op.Add}
     */
    public Value add(String name, Value a, Value b) {
        return add(name, new Op.Add(), List.of(a, b), List.of());
    }

    /**
     * {@return x (1 + scale) + shift}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     * @param scale
     *            [b, c]
     * @param shift
     *            [b, c]
     */
    public Value scaleShift(String name, Value x, Value scale, Value shift) {
        return add(name, new Op.ScaleShift(), List.of(x, scale, shift), List.of());
    }

    /**
     * {@return the first half of the channels times the GELU of the second half}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand, with an even number of channels
     */
    public Value geglu(String name, Value x) {
        return add(name, new Op.Geglu(), List.of(x), List.of());
    }

    /**
     * {@return multi-head attention with scores scaled by 1 / sqrt(channels per head), [b, l, c]}
     *
     * @param name
     *            the module's name below this scope
     * @param q
     *            queries, [b, l, c]
     * @param k
     *            keys, [b, m, c]
     * @param v
     *            values, [b, m, c]
     * @param heads
     *            number of heads; divides c
     */
    public Value attention(String name, Value q, Value k, Value v, int heads) {
        int headSize = q.channels() / heads;
        double scale = 1 / Math.sqrt(headSize);
        return add(name, new Op.Attention(heads, scale, false), List.of(q, k, v), List.of());
    }

    /**
     * {@return multi-head attention with scores scaled by 1 / sqrt(channels per head), [b, l, c]; masked keys are
     * ignored}
     *
     * @param name
     *            the module's name below this scope
     * @param q
     *            queries, [b, l, c]
     * @param k
     *            keys, [b, m, c]
     * @param v
     *            values, [b, m, c]
     * @param mask
     *            [b, m], 0 for keys to ignore
     * @param heads
     *            number of heads; divides c
     */
    public Value attention(String name, Value q, Value k, Value v, Value mask, int heads) {
        int headSize = q.channels() / heads;
        double scale = 1 / Math.sqrt(headSize);
        return add(name, new Op.Attention(heads, scale, true), List.of(q, k, v, mask), List.of());
    }

    /**
     * {@return the concatenation along the channels}
     *
     * @param name
     *            the module's name below this scope
     * @param parts
     *            the operands, of equal shape but for the channels
     */
    public Value concat(String name, Value... parts) {
        return add(name, new Op.Concat(), Arrays.asList(parts), List.of());
    }

    /**
     * {@return x resampled by nearest neighbour, [b, height, width, c]}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            [b, h, w, c]
     * @param height
     *            rows of the result
     * @param width
     *            columns of the result
     */
    public Value upsample(String name, Value x, int height, int width) {
        return add(name, new Op.Upsample(height, width), List.of(x), List.of());
    }

    /**
     * {@return a range of channels}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     * @param from
     *            first channel
     * @param to
     *            last channel, exclusive
     */
    public Value slice(String name, Value x, int from, int to) {
        return add(name, new Op.Slice(from, to), List.of(x), List.of());
    }

    /**
     * {@return a view under another shape}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     * @param to
     *            a shape with as many elements
     */
    public Value reshape(String name, Value x, Shape to) {
        return add(name, new Op.Reshape(to), List.of(x), List.of());
    }

    /**
     * {@return a picture as a sequence of its pixels, [b, h * w, c]}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            [b, h, w, c]
     */
    public Value tokens(String name, Value x) {
        return reshape(name, x, Shape.of(x.dim(0), x.dim(1) * x.dim(2), x.channels()));
    }

    /**
     * {@return rows of a table selected by ids, [b, l, channels]}
     *
     * @param name
     *            the module's name below this scope; its weight is the table
     * @param ids
     *            integers of 0 to rows - 1, [b, l]
     * @param rows
     *            rows of the table
     * @param channels
     *            elements per row
     */
    public Value embedding(String name, Value ids, int rows, int channels) {
        return add(name, new Op.Embedding(channels), List.of(ids), List.of(table(name, rows, channels)));
    }

    /**
     * {@return the first {@code count} rows of a table, [1, count, channels]}
     *
     * @param name
     *            the module's name below this scope; its weight is the table
     * @param count
     *            number of positions, at most {@code rows}
     * @param rows
     *            rows of the table
     * @param channels
     *            elements per row
     * @throws IllegalArgumentException
     *             if the table has fewer rows
     */
    public Value tableRows(String name, int count, int rows, int channels) {
        if (count > rows) {
            throw new IllegalArgumentException(join(name) + " has " + rows + " rows, " + count + " are needed");
        }
        return add(name, new Op.TableRows(0, 1, count, channels), List.of(), List.of(table(name, rows, channels)));
    }

    /**
     * {@return the first row of a table for every position, [1, count, channels]}
     *
     * @param name
     *            the module's name below this scope; its weight is the table
     * @param count
     *            number of positions
     * @param rows
     *            rows of the table
     * @param channels
     *            elements per row
     */
    public Value firstRow(String name, int count, int rows, int channels) {
        return repeatedRow(name, table(name, rows, channels), 0, count, channels);
    }

    /**
     * {@return one row of a parameter for every position, [1, count, channels]}
     *
     * @param name
     *            the module's name below this scope
     * @param table
     *            a parameter, read as rows of {@code channels} elements
     * @param row
     *            index of the row
     * @param count
     *            number of positions
     * @param channels
     *            elements per row
     */
    public Value repeatedRow(String name, Weight table, int row, int count, int channels) {
        return add(name, new Op.TableRows(row, 0, count, channels), List.of(), List.of(table));
    }

    /**
     * {@return the sinusoidal encoding of the positions of a grid, [1, height * width, channels]}
     *
     * @param name
     *            the module's name below this scope
     * @param height
     *            rows of the grid
     * @param width
     *            columns of the grid
     * @param channels
     *            number of channels, even
     */
    public Value gridPositions(String name, int height, int width, int channels) {
        return add(name, new Op.GridPositions(height, width, channels), List.of(), List.of());
    }

    /**
     * {@return the table of an embedding module, to be shared with {@link #tiedLinear}}
     *
     * @param name
     *            the module's name below this scope
     * @param rows
     *            rows of the table
     * @param channels
     *            elements per row
     */
    public Weight table(String name, int rows, int channels) {
        return new Weight(join(name + ".weight"), Shape.of(rows, channels));
    }

    /**
     * {@return a parameter whose name is neither weight nor bias, or that belongs to no operation of its own}
     *
     * @param name
     *            its name below this scope
     * @param shape
     *            its shape
     */
    public Weight parameter(String name, Shape shape) {
        return new Weight(join(name), shape);
    }

    /**
     * {@return the sinusoidal embedding of timesteps, [b, dim]}
     *
     * @param name
     *            the module's name below this scope
     * @param timesteps
     *            [b]
     * @param dim
     *            number of channels
     * @param flipSinToCos
     *            whether the cosines come before the sines
     * @param shift
     *            subtracted from dim/2 in the exponent, see {@link Op.TimestepEmbedding}
     */
    public Value timestepEmbedding(String name, Value timesteps, int dim, boolean flipSinToCos, double shift) {
        return add(name, new Op.TimestepEmbedding(dim, flipSinToCos, shift), List.of(timesteps), List.of());
    }

    /**
     * {@return one token of each sequence, [b, c]}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            [b, l, c]
     * @param index
     *            the token's position
     */
    public Value token(String name, Value x, int index) {
        return add(name, new Op.Token(index), List.of(x), List.of());
    }

    /**
     * {@return each row of the last axis divided by max(its Euclidean norm, eps)}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     * @param eps
     *            smallest divisor
     */
    public Value l2Normalize(String name, Value x, double eps) {
        return add(name, new Op.L2Normalize(eps), List.of(x), List.of());
    }

    /**
     * {@return x under the name of a module that does nothing in inference, so that probes and audits see it}
     *
     * @param name
     *            the module's name below this scope
     * @param x
     *            the operand
     */
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
     * Builds the graph of all operations recorded so far. If a module was called several times, its last call has
     * the plain name, as a PyTorch forward hook would see it; the earlier calls are name@1, name@2, ...
     *
     * @param outputs
     *            the results by the caller's names
     * @return the graph
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
