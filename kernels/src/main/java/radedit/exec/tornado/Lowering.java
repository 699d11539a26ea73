package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import radedit.exec.BackendException;
import radedit.exec.GridPositions;
import radedit.exec.TimestepFrequencies;
import radedit.graph.Epilogue;
import radedit.graph.Graph;
import radedit.graph.MemoryPlan;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Value;
import radedit.graph.Weight;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.TensorData;
import radedit.weights.WeightStore;

/** Makes kernel calls of nodes, and brings their weights to the device. */
final class Lowering {
    private record Key(WeightStore store, String name, String form) {}

    private final MemoryPlan plan;
    /** Concatenations that are not made; what reads them reads both of their parts. */
    private final Set<Integer> joined;
    private final Map<Integer, Node> producers;
    private final WeightStore store;
    private final DeviceWeights deviceWeights;
    private final TilePolicy policy;
    private final long scratchAt;
    private long scratch;

    /**
     * @param deviceWeights
     *            if it only counts, no weight is read
     * @param wanted
     *            whether a node's result has to be made because it is looked at
     */
    Lowering(Graph graph, WeightStore store, DeviceWeights deviceWeights, TilePolicy policy, Predicate<Node> wanted) {
        this.joined = ConcatElision.of(graph, wanted);
        // Inputs stay for the next run, which may be given the same.
        this.plan = MemoryPlan.of(graph, joined,
                graph.inputs().stream().map(n -> n.output().id()).collect(Collectors.toSet()));
        this.producers = graph.producers();
        this.store = store;
        this.deviceWeights = deviceWeights;
        this.policy = policy;
        this.scratchAt = Device.ZEROS + plan.size();
        if (scratchAt > Integer.MAX_VALUE) {
            throw new BackendException("this size and batch need " + (scratchAt >> 28)
                    + " GB in one piece; 8 GB is the most the tornado backend can address");
        }
    }

    /** Values a run needs; complete when all nodes have been lowered. */
    long valueCount() {
        return scratchAt + scratch;
    }

    /** Whether a node's result is made; all are but concatenations that their readers join. */
    boolean makes(Node n) {
        return !joined.contains(n.output().id());
    }

    int at(Value v) {
        return Device.ZEROS + plan.offsets().get(v.id()).intValue();
    }

    private int input(Node n, int index) {
        return at(n.inputs().get(index));
    }

    Step step(Node n) {
        return switch (n.op()) {
            case Op.Input i -> Step.NONE;
            case Op.Reshape r -> Step.NONE;
            case Op.Identity i -> Step.NONE;
            case Op.Conv2d c -> conv(n, c);
            case Op.Linear l -> linear(n, l);
            case Op.GroupNorm g -> groupNorm(n, g);
            case Op.LayerNorm l -> Step.of(rowNorm(n, l.eps()).with(NormKernels.SCALE, vector(n, 0))
                    .with(NormKernels.SHIFT, vector(n, 1)));
            case Op.L2Normalize l -> Step.of(rowNorm(n, l.eps()).with(NormKernels.EUCLIDEAN, 1));
            case Op.BatchNorm b -> batchNorm(n, b);
            case Op.Activate a -> Step.of(combine(n, PointwiseKernels.ACTIVATE).with(PointwiseKernels.ACTIVATION,
                    Activations.code(a.function())));
            case Op.Add a -> Step.of(combine(n, addition(n)).with(PointwiseKernels.Y, input(n, 1)));
            case Op.ScaleShift s -> Step.of(combine(n, PointwiseKernels.SCALE_SHIFT)
                    .with(PointwiseKernels.Y, input(n, 1)).with(PointwiseKernels.Z, input(n, 2)));
            case Op.Geglu g -> Step.of(combine(n, PointwiseKernels.GEGLU));
            case Op.Attention a -> attention(n, a);
            case Op.Concat c -> makes(n) ? concat(n) : Step.NONE;
            case Op.Slice s -> Step.of(move(n, length(n), n.output().channels(), input(n, 0) + s.from(),
                    n.inputs().getFirst().channels(), PointwiseKernels.EVENLY).with(PointwiseKernels.STEP, 1));
            case Op.Token t -> Step.of(move(n, length(n), n.output().channels(), input(n, 0),
                    n.output().channels(), PointwiseKernels.EVENLY).with(PointwiseKernels.FIRST, t.index())
                    .with(PointwiseKernels.STEP, n.inputs().getFirst().dim(1)));
            case Op.TableRows t -> Step.of(fromWeights(move(n, length(n), t.channels(), table(n), t.channels(),
                    PointwiseKernels.EVENLY)).with(PointwiseKernels.FIRST, t.first())
                    .with(PointwiseKernels.STEP, t.step()));
            case Op.GridPositions g -> Step.of(fromWeights(move(n, length(n), g.channels(),
                    deviceWeights.table(g, length(n), () -> GridPositions.of(g)), g.channels(), PointwiseKernels.EVENLY))
                    .with(PointwiseKernels.STEP, 1));
            case Op.Embedding e -> embedding(n, e);
            case Op.Upsample u -> upsample(n, u);
            case Op.MaxPool m -> Step.of(pool(n, Kernel.MAX_POOL).with(PointwiseKernels.KERNEL, m.kernel())
                    .with(PointwiseKernels.STRIDE, m.stride()).with(PointwiseKernels.PADDING, m.padding()));
            case Op.MeanPool m -> Step.of(Launch.over(Kernel.MEAN_POOL, length(n))
                    .with(PointwiseKernels.LENGTH, length(n)).with(PointwiseKernels.OUT, at(n.output()))
                    .with(PointwiseKernels.X, input(n, 0)).with(PointwiseKernels.CHANNELS, n.output().channels())
                    .with(PointwiseKernels.PER_SAMPLE, perSample(n.inputs().getFirst().shape())));
            case Op.TimestepEmbedding t -> timesteps(n, t);
        };
    }

    private static int length(Node n) {
        return Math.toIntExact(n.shape().elements());
    }

    private static int perSample(Shape s) {
        return Math.toIntExact(s.elements() / Math.max(1, s.dim(0)));
    }

    private TensorData data(Node n, int index) {
        Weight w = n.weights().get(index);
        return store == null ? TensorData.placeholder(w.shape()) : store.get(w.name(), w.shape());
    }

    private Key key(Node n, int index, String form) {
        return new Key(store, n.weights().get(index).name(), form);
    }

    /** The place of a small parameter. */
    private int vector(Node n, int index) {
        TensorData t = data(n, index);
        return deviceWeights.table(key(n, index, ""), Math.toIntExact(t.shape().elements()), t::toFloats);
    }

    /** The place of a table whose rows are chosen. */
    private int table(Node n) {
        TensorData t = data(n, 0);
        return deviceWeights.rows(key(n, 0, ""), t);
    }

    /** The place of a node's first weight for products; its terms come in slices. */
    private Launch matrix(Launch l, Node n, int channels, int taps, double[] factors) {
        DeviceWeights.Place place = deviceWeights.matrix(key(n, 0, factors == null ? "matrix" : "folded"), data(n, 0), channels,
                taps, padded(channels), factors);
        WeightFormat f = place.format();
        int decode = f == WeightFormat.FLOAT32 ? 0 : f.middle() + deviceWeights.table(f, f.table().length, f::table);
        return l.of(place).with(Gemm.DECODE, decode);
    }

    private static int padded(int channels) {
        return Math.ceilDiv(channels, Gemm.SLICE) * Gemm.SLICE;
    }

    private Step linear(Node n, Op.Linear l) {
        int channels = n.inputs().getFirst().channels();
        int rows = Math.toIntExact(n.inputs().getFirst().shape().rows());
        List<Launch> calls = new ArrayList<>();
        calls.add(matrix(
                gemm(calls, n, rows, l.outFeatures(), 1, l.epilogue(), perSample(n.shape()) / n.output().channels()),
                n, channels, 1, null)
                .with(Gemm.BIAS, l.bias() ? vector(n, 1) : -1)
                // a picture one pixel high
                .with(Gemm.HEIGHT, 1)
                .with(Gemm.WIDTH, perSample(n.shape()) / n.output().channels())
                .with(Gemm.OUT_WIDTH, perSample(n.shape()) / n.output().channels()).with(Gemm.STRIDE, 1));
        return new Step.Launches(calls);
    }

    /**
     * The product of a node's first input, without its weights.
     *
     * @param before
     *            gets what has to be called first
     */
    private Launch gemm(List<Launch> before, Node n, int rows, int columns, int kernel, Epilogue e, int pixels) {
        Value x = n.inputs().getFirst();
        Launch l = product(rows, columns, padded(x.channels()), kernel);
        if (joined.contains(x.id())) {
            List<Value> parts = producers.get(x.id()).inputs();
            l.with(Gemm.X, at(parts.getFirst())).with(Gemm.CHANNELS, parts.getFirst().channels())
                    .with(Gemm.X_2, at(parts.getLast())).with(Gemm.CHANNELS_2, parts.getLast().channels());
        } else {
            l.with(Gemm.X, x.channels() % Gemm.SLICE == 0 ? at(x) : filledUp(before, x));
        }
        return epilogue(l, n, e, pixels);
    }

    /** The place of a copy whose channels are filled up with zeros to whole slices. */
    private int filledUp(List<Launch> before, Value x) {
        int padded = padded(x.channels());
        int length = Math.toIntExact(x.shape().rows() * padded);
        scratch = Math.max(scratch, length);
        before.add(Launch.over(Kernel.MOVE, length).with(PointwiseKernels.LENGTH, length)
                .with(PointwiseKernels.OUT, (int) scratchAt).with(PointwiseKernels.X, at(x))
                .with(PointwiseKernels.CHANNELS, padded).with(PointwiseKernels.X_CHANNELS, x.channels())
                .with(PointwiseKernels.OUT_CHANNELS, padded).with(PointwiseKernels.MODE, PointwiseKernels.EVENLY)
                .with(PointwiseKernels.STEP, 1));
        return (int) scratchAt;
    }

    /** A product whose weights are one plane. */
    private Launch product(int rows, int columns, int channels, int kernel) {
        Launch wide = tiles(Kernel.GEMM_128, rows, columns);
        Launch narrow = tiles(Kernel.GEMM_64, rows, columns);
        Launch l = policy.narrow(narrow.groups(), wide.groups()) ? narrow : wide;
        return l.with(Gemm.ROWS, rows).with(Gemm.COLUMNS, columns).with(Gemm.CHANNELS, channels)
                .with(Gemm.TAPS, kernel * kernel).with(Gemm.KERNEL_WIDTH, kernel).with(Gemm.PLANES, 1).with(Gemm.PLANE_ROWS, rows);
    }

    private Launch epilogue(Launch l, Node n, Epilogue e, int pixels) {
        int next = 1;
        l.with(Gemm.OUT, at(n.output())).with(Gemm.OUT_CHANNELS, n.output().channels())
                .with(Gemm.PIXELS, pixels).with(Gemm.ACTIVATION, Activations.code(e.activation()))
                .with(Gemm.GATE, e.geglu() ? 1 : 0);
        l.with(Gemm.ROW_BIAS, e.rowBias() ? input(n, next++) : -1);
        return l.with(Gemm.RESIDUAL, e.residual() ? input(n, next) : -1);
    }

    private static Launch tiles(Kernel kind, int rows, int columns) {
        return Launch.of(kind, Math.ceilDiv(columns, kind.columns()), Math.ceilDiv(rows, GemmTile.ROWS));
    }

    private Step conv(Node n, Op.Conv2d c) {
        Shape in = n.inputs().getFirst().shape();
        int channels = in.dim(3);
        double[][] norm = c.norm() == null ? null : norm(n, c.bias() ? 2 : 1, c.norm().eps());
        int bias = c.bias() ? vector(n, 1) : -1;
        if (norm != null) {
            bias = deviceWeights.table(key(n, 0, "folded bias"), c.outChannels(), () -> {
                float[] b = c.bias() ? data(n, 1).toFloats() : new float[c.outChannels()];
                for (int i = 0; i < b.length; i++) {
                    b[i] = (float) (b[i] * norm[0][i] + norm[1][i]);
                }
                return b;
            });
        }
        if (policy.winograd().takes(n, c, WeightFormat.of(data(n, 0).dtype()))) {
            return winograd(n, c, bias);
        }
        List<Launch> calls = new ArrayList<>();
        calls.add(matrix(
                gemm(calls, n, Math.toIntExact(n.shape().rows()), c.outChannels(), c.kernel(), c.epilogue(),
                        n.shape().dim(1) * n.shape().dim(2)),
                n, channels, c.kernel() * c.kernel(), norm == null ? null : norm[0])
                .with(Gemm.BIAS, bias).with(Gemm.HEIGHT, in.dim(1)).with(Gemm.WIDTH, in.dim(2))
                .with(Gemm.OUT_WIDTH, n.shape().dim(2)).with(Gemm.STRIDE, c.stride())
                .with(Gemm.PAD_TOP, c.padding().top()).with(Gemm.PAD_LEFT, c.padding().left())
                .with(Gemm.UPSAMPLE, c.upsample() ? 1 : 0));
        return new Step.Launches(calls);
    }

    /** In runs of tiles whose planes take no more than they may: to the planes, their products, and back. */
    private Step winograd(Node n, Op.Conv2d c, int bias) {
        Shape in = n.inputs().getFirst().shape();
        int channels = in.dim(3);
        int columns = c.outChannels();
        int tiles = n.shape().dim(0) * Math.ceilDiv(n.shape().dim(1), 2) * Math.ceilDiv(n.shape().dim(2), 2);
        int each = Winograd.POINTS * (channels + columns);
        int most = Math.max(1, policy.planes() / each / GemmTile.ROWS) * GemmTile.ROWS;
        int run = full(Math.ceilDiv(tiles, Math.ceilDiv(tiles, most)));
        scratch = Math.max(scratch, (long) each * run);
        DeviceWeights.Place weight = deviceWeights.winograd(key(n, 0, "winograd"), data(n, 0), channels, channels);
        List<Launch> launches = new ArrayList<>();
        for (int first = 0; first < tiles; first += run) {
            int count = Math.min(run, tiles - first);
            int rows = full(count);
            int planes = (int) scratchAt;
            int products = planes + Winograd.POINTS * rows * channels;
            launches.add(Launch.over(Kernel.WINOGRAD_IN, Math.ceilDiv(count, WinogradKernels.STRIP) * channels).with(Gemm.X, input(n, 0))
                    .with(Gemm.CHANNELS, channels).with(WinogradKernels.PLANES, planes));
            launches.add(product(Winograd.POINTS * rows, columns, channels, 1).of(weight)
                    .with(Gemm.PLANES, Winograd.POINTS).with(Gemm.PLANE_ROWS, rows)
                    .with(Gemm.X, planes).with(Gemm.OUT, products).with(Gemm.OUT_CHANNELS, columns)
                    .with(Gemm.BIAS, -1).with(Gemm.ROW_BIAS, -1).with(Gemm.RESIDUAL, -1)
                    // a picture one pixel high
                    .with(Gemm.PIXELS, Winograd.POINTS * rows).with(Gemm.HEIGHT, 1)
                    .with(Gemm.WIDTH, Winograd.POINTS * rows).with(Gemm.OUT_WIDTH, Winograd.POINTS * rows)
                    .with(Gemm.STRIDE, 1));
            launches.add(epilogue(Launch.over(Kernel.WINOGRAD_OUT, count * columns), n, c.epilogue(),
                    n.shape().dim(1) * n.shape().dim(2)).with(Gemm.COLUMNS, columns).with(Gemm.BIAS, bias)
                    .with(WinogradKernels.PLANES, products));
            for (Launch l : List.of(launches.get(launches.size() - 3), launches.getLast())) {
                l.with(Gemm.HEIGHT, in.dim(1)).with(Gemm.WIDTH, in.dim(2)).with(Gemm.UPSAMPLE, c.upsample() ? 1 : 0)
                        .with(Gemm.PLANE_ROWS, rows).with(WinogradKernels.FIRST, first)
                        .with(WinogradKernels.TILES, count);
            }
        }
        return Step.of(launches.toArray(Launch[]::new));
    }

    /** So many tiles of a plane that those of a product do not reach into the next one. */
    private static int full(int tiles) {
        return Math.ceilDiv(tiles, GemmTile.ROWS) * GemmTile.ROWS;
    }

    /** Scale and shift of a batch norm whose parameters begin at this index; zeros where there are no weights yet. */
    private double[][] norm(Node n, int index, double eps) {
        int channels = n.output().channels();
        double[][] folded = new double[2][channels];
        for (int c = 0; c < channels && !deviceWeights.counting(); c++) {
            folded[0][c] = data(n, index).get(c) / Math.sqrt(data(n, index + 3).get(c) + eps);
            folded[1][c] = data(n, index + 1).get(c) - data(n, index + 2).get(c) * folded[0][c];
        }
        return folded;
    }

    private Step batchNorm(Node n, Op.BatchNorm b) {
        double[][] norm = norm(n, 0, b.eps());
        return Step.of(combine(n, PointwiseKernels.BATCH_NORM)
                .with(PointwiseKernels.Y, deviceWeights.table(key(n, 0, "scale"), norm[0].length, () -> floats(norm[0])))
                .with(PointwiseKernels.Z, deviceWeights.table(key(n, 0, "shift"), norm[1].length, () -> floats(norm[1]))));
    }

    private static float[] floats(double[] a) {
        float[] f = new float[a.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) a[i];
        }
        return f;
    }

    private Step groupNorm(Node n, Op.GroupNorm g) {
        int channels = n.output().channels();
        int each = channels / g.groups();
        int pixels = perSample(n.shape()) / channels;
        int groups = g.groups() * n.shape().dim(0);
        int span = Math.min(pixels, Math.max(1, NormKernels.BLOCK / each));
        int blocks = Math.ceilDiv(pixels, span);
        scratch = Math.max(scratch, 2L * groups * (blocks + 1));
        Launch[] launches = {Launch.of(Kernel.GROUP_NORM_BLOCKS, blocks, groups),
                Launch.over(Kernel.GROUP_NORM_JOIN, groups), Launch.over(Kernel.GROUP_NORM_APPLY, length(n))};
        Value x = n.inputs().getFirst();
        List<Value> parts = joined.contains(x.id()) ? producers.get(x.id()).inputs() : List.of(x);
        for (Launch l : launches) {
            l.with(NormKernels.X, at(parts.getFirst())).with(NormKernels.CHANNELS_1, parts.getFirst().channels())
                    .with(NormKernels.X_2, at(parts.getLast())).with(NormKernels.CHANNELS, channels).with(NormKernels.EACH, each)
                    .with(NormKernels.PIXELS, pixels).with(NormKernels.BLOCKS, blocks).with(NormKernels.SPAN, span)
                    .with(NormKernels.STATISTICS, (int) scratchAt).with(NormKernels.GROUPS, groups)
                    .with(NormKernels.EPS, deviceWeights.constant(g.eps())).with(NormKernels.OUT, at(n.output()))
                    .with(NormKernels.LENGTH, length(n)).with(NormKernels.SCALE, vector(n, 0))
                    .with(NormKernels.SHIFT, vector(n, 1))
                    .with(NormKernels.ACTIVATION, Activations.code(g.activation()));
        }
        return Step.of(launches);
    }

    private Launch rowNorm(Node n, double eps) {
        return Launch.of(Kernel.ROW_NORM, length(n) / n.output().channels(), 1).with(NormKernels.X, input(n, 0))
                .with(NormKernels.OUT, at(n.output())).with(NormKernels.CHANNELS, n.output().channels())
                .with(NormKernels.EPS, deviceWeights.constant(eps));
    }

    private Launch combine(Node n, int mode) {
        return Launch.over(Kernel.COMBINE, length(n)).with(PointwiseKernels.LENGTH, length(n))
                .with(PointwiseKernels.OUT, at(n.output())).with(PointwiseKernels.X, input(n, 0))
                .with(PointwiseKernels.CHANNELS, n.output().channels())
                .with(PointwiseKernels.PER_SAMPLE, perSample(n.shape())).with(PointwiseKernels.MODE, mode);
    }

    private static int addition(Node n) {
        Shape a = n.shape();
        Shape b = n.inputs().get(1).shape();
        if (a.equals(b)) {
            return PointwiseKernels.ADD;
        }
        return b.rank() == 2 && a.rank() > 2 ? PointwiseKernels.ADD_VECTOR : PointwiseKernels.ADD_SAMPLE;
    }

    private Step attention(Node n, Op.Attention a) {
        Shape q = n.shape();
        int parts = Math.ceilDiv(q.dim(2) / a.heads(), AttentionKernel.CHANNEL_TILE);
        return Step.of(Launch
                .of(Kernel.ATTENTION, Math.ceilDiv(q.dim(1), AttentionKernel.QUERY_TILE), q.dim(0) * a.heads() * parts)
                .with(AttentionKernel.QUERY, input(n, 0)).with(AttentionKernel.KEY, input(n, 1))
                .with(AttentionKernel.VALUE, input(n, 2)).with(AttentionKernel.MASK, a.masked() ? input(n, 3) : -1)
                .with(AttentionKernel.OUT, at(n.output())).with(AttentionKernel.QUERIES, q.dim(1))
                .with(AttentionKernel.KEYS, n.inputs().get(1).dim(1)).with(AttentionKernel.CHANNELS, q.dim(2))
                .with(AttentionKernel.HEADS, a.heads()).with(AttentionKernel.SCALE, deviceWeights.constant(a.scale()))
                .with(AttentionKernel.PARTS, parts));
    }

    private Launch move(Node n, int length, int channels, int x, int xChannels, int mode) {
        return Launch.over(Kernel.MOVE, length).with(PointwiseKernels.LENGTH, length)
                .with(PointwiseKernels.OUT, at(n.output())).with(PointwiseKernels.X, x)
                .with(PointwiseKernels.CHANNELS, channels).with(PointwiseKernels.X_CHANNELS, xChannels)
                .with(PointwiseKernels.OUT_CHANNELS, n.output().channels()).with(PointwiseKernels.MODE, mode);
    }

    private static Launch fromWeights(Launch l) {
        return l.with(PointwiseKernels.FROM_WEIGHTS, 1);
    }

    private Step concat(Node n) {
        List<Launch> parts = new ArrayList<>();
        int offset = 0;
        for (Value v : n.inputs()) {
            int length = Math.toIntExact(v.shape().elements());
            parts.add(move(n, length, v.channels(), at(v), v.channels(), PointwiseKernels.EVENLY)
                    .with(PointwiseKernels.STEP, 1).with(PointwiseKernels.OUT, at(n.output()) + offset));
            offset += v.channels();
        }
        return Step.of(parts.toArray(Launch[]::new));
    }

    private Step upsample(Node n, Op.Upsample u) {
        Shape in = n.inputs().getFirst().shape();
        return Step.of(grid(move(n, length(n), in.dim(3), input(n, 0), in.dim(3), PointwiseKernels.NEAREST), n)
                .with(PointwiseKernels.Y, deviceWeights.constant((float) in.dim(1) / u.height()))
                .with(PointwiseKernels.Z, deviceWeights.constant((float) in.dim(2) / u.width())));
    }

    private static Launch grid(Launch l, Node n) {
        Shape in = n.inputs().getFirst().shape();
        return l.with(PointwiseKernels.HEIGHT, in.dim(1)).with(PointwiseKernels.WIDTH, in.dim(2))
                .with(PointwiseKernels.OUT_HEIGHT, n.shape().dim(1)).with(PointwiseKernels.OUT_WIDTH, n.shape().dim(2));
    }

    private Launch pool(Node n, Kernel kind) {
        return grid(Launch.over(kind, length(n)).with(PointwiseKernels.LENGTH, length(n))
                .with(PointwiseKernels.OUT, at(n.output())).with(PointwiseKernels.X, input(n, 0))
                .with(PointwiseKernels.CHANNELS, n.output().channels()), n);
    }

    /** The input that an operation done in part on the host depends on. */
    private String hostInput(Node n) {
        Node from = producers.get(n.inputs().getFirst().id());
        if (!(from.op() instanceof Op.Input)) {
            throw new IllegalArgumentException(n.name() + " works on an input of the network only");
        }
        return from.name();
    }

    /** Ids are checked on the host, where they are. */
    private Step embedding(Node n, Op.Embedding e) {
        int known = n.weights().getFirst().shape().dim(0);
        String ids = hostInput(n);
        Launch l = fromWeights(move(n, length(n), e.channels(), table(n), e.channels(), PointwiseKernels.CHOSEN))
                .with(PointwiseKernels.Y, input(n, 0));
        return (device, inputs) -> {
            for (double id : inputs.get(ids).data()) {
                if (!(id >= 0 && id < known)) {
                    throw new IllegalArgumentException("token id " + (long) id + " is outside the vocabulary");
                }
            }
            device.run(l);
        };
    }

    /** A few hundred sines, made on the host because their rounding is part of the model. */
    private Step timesteps(Node n, Op.TimestepEmbedding t) {
        float[] frequencies = TimestepFrequencies.of(t.dim(), t.shift());
        String input = hostInput(n);
        int half = t.dim() / 2;
        int sine = t.flipSinToCos() ? half : 0;
        int cosine = half - sine;
        return (device, inputs) -> {
            Tensor steps = inputs.get(input);
            float[] out = new float[length(n)];
            for (int b = 0; b < steps.data().length; b++) {
                for (int i = 0; i < half; i++) {
                    float angle = (float) steps.data()[b] * frequencies[i];
                    out[b * t.dim() + sine + i] = (float) Math.sin(angle);
                    out[b * t.dim() + cosine + i] = (float) Math.cos(angle);
                }
            }
            device.uploads().values(at(n.output()), out);
        };
    }
}
