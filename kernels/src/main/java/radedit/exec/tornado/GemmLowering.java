package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.List;

import radedit.exec.FoldedBatchNorm;
import radedit.graph.Epilogue;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Value;
import radedit.tensor.Shape;

/** Lowers convolutions and linear layers to launches. */
final class GemmLowering {
    private final Operands operands;
    private final TilePolicy policy;

    GemmLowering(Operands operands, TilePolicy policy) {
        this.operands = operands;
        this.policy = policy;
    }

    List<Launch> linear(Node n, Op.Linear l) {
        Value x = n.inputs().getFirst();
        int rowsPerSample = Operands.perSample(n.shape()) / n.output().channels();
        Offset.Tables bias = l.bias() ? operands.vector(n, 1) : Offset.Tables.NONE;
        return gemm(n, Math.toIntExact(x.shape().rows()), FeatureMap.matrix(start(x), rowsPerSample, x.channels()),
                Gemm.Window.point(rowsPerSample), null,
                epilogue(n, l.outFeatures(), bias, l.epilogue(), rowsPerSample));
    }

    List<Launch> conv(Node n, Op.Conv2d c) {
        FoldedBatchNorm norm = c.norm() == null ? null : norm(n, c.bias() ? 2 : 1, c.norm());
        Offset.Tables bias = norm != null
                ? foldedBias(n, c, norm)
                : c.bias() ? operands.vector(n, 1) : Offset.Tables.NONE;
        FeatureMap input = FeatureMap.of(start(n.inputs().getFirst()), n.inputs().getFirst().shape(), c.upsample());
        int pixels = n.shape().dim(1) * n.shape().dim(2);
        GemmEpilogue epilogue = epilogue(n, c.outChannels(), bias, c.epilogue(), pixels);
        if (policy.winograd().takes(n, c, WeightFormat.of(operands.data(n, 0)))) {
            return winograd(n, input, epilogue);
        }
        return gemm(n, Math.toIntExact(n.shape().rows()), input,
                Gemm.Window.of(c.kernel(), c.stride(), c.padding(), n.shape().dim(2)), norm, epilogue);
    }

    /** Folded batch norm of a node, whose parameters start at this index of its weights. */
    FoldedBatchNorm norm(Node n, int index, Op.BatchNorm norm) {
        return operands.deviceWeights().counting()
                ? FoldedBatchNorm.identity(n.output().channels())
                : FoldedBatchNorm.of(norm, List.of(operands.data(n, index), operands.data(n, index + 1),
                        operands.data(n, index + 2), operands.data(n, index + 3)));
    }

    private Offset.Tables foldedBias(Node n, Op.Conv2d c, FoldedBatchNorm norm) {
        return operands.deviceWeights().table(operands.key(n, 0, "folded bias"), c.outChannels(),
                () -> norm.foldBias(c.bias() ? operands.data(n, 1).toFloats() : new float[c.outChannels()]));
    }

    private GemmEpilogue epilogue(Node n, int columns, Offset.Tables bias, Epilogue e, int rowsPerSample) {
        int next = 1;
        Offset.Values rowBias = e.rowBias() ? operands.input(n, next++) : Offset.Values.NONE;
        Offset.Values residual = e.residual() ? operands.input(n, next) : Offset.Values.NONE;
        return new GemmEpilogue(operands.output(n), columns, n.output().channels(), bias, rowBias, rowsPerSample,
                residual,
                e.activation(), e.geglu());
    }

    /** Offset of an input; of an elided concatenation, that of its first part. */
    private Offset.Values start(Value x) {
        return operands.at(operands.isElided(x) ? operands.producer(x).inputs().getFirst() : x);
    }

    /** A GEMM with the node's first weight, after a copy that pads the input's channels to whole slices if necessary. */
    private List<Launch> gemm(Node n, int rows, FeatureMap input, Gemm.Window window, FoldedBatchNorm norm,
            GemmEpilogue epilogue) {
        List<Launch> launches = new ArrayList<>();
        Value x = n.inputs().getFirst();
        FeatureMap first = input;
        Gemm.Second second = Gemm.Second.NONE;
        if (operands.isElided(x)) {
            List<Value> parts = operands.producer(x).inputs();
            first = input.with(input.x(), parts.getFirst().channels());
            second = new Gemm.Second(operands.at(parts.getLast()), parts.getLast().channels());
        } else if (x.channels() % Gemm.SLICE != 0) {
            int padded = padded(x.channels());
            int length = Math.toIntExact(x.shape().rows() * padded);
            first = input.with(operands.scratch(length), padded);
            launches.add(
                    new CopyRows(operands.at(x), x.channels(), CopyRows.Rows.ALL, first.x(), length, padded, padded));
        }
        launches.add(new Gemm(kernel(rows, epilogue.columns()), rows, first, second, window,
                weights(n, x.channels(), window.taps(), rows, norm), epilogue));
        return launches;
    }

    /** The node's first weight, its channels padded to whole slices. */
    private Gemm.Weights weights(Node n, int channels, int taps, int rows, FoldedBatchNorm norm) {
        DeviceWeights.Place place = operands.deviceWeights().matrix(
                operands.key(n, 0, norm == null ? "matrix" : "folded"),
                operands.data(n, 0), channels, taps, padded(channels), norm);
        WeightFormat f = place.format();
        Offset.Tables decode = f == WeightFormat.FLOAT32
                ? new Offset.Tables(0)
                : operands.deviceWeights().table(f, f.table().length, f::table).plus(f.middle());
        return new Gemm.Weights(place, decode, 1, rows);
    }

    private static int padded(int channels) {
        return Math.ceilDiv(channels, Gemm.SLICE) * Gemm.SLICE;
    }

    private Kernel kernel(int rows, int columns) {
        return policy.narrow(Gemm.grid(Kernel.GEMM_64, rows, columns).groups(),
                Gemm.grid(Kernel.GEMM_128, rows, columns).groups()) ? Kernel.GEMM_64 : Kernel.GEMM_128;
    }

    /** Input transform, GEMM and output transform, for runs of tiles whose planes fit the scratch that the policy allows. */
    private List<Launch> winograd(Node n, FeatureMap input, GemmEpilogue epilogue) {
        Shape out = n.shape();
        int channels = input.channels();
        int columns = epilogue.columns();
        int tiles = out.dim(0) * Math.ceilDiv(out.dim(1), 2) * Math.ceilDiv(out.dim(2), 2);
        int each = Winograd.POINTS * (channels + columns);
        int most = Math.max(1, policy.planes() / each / GemmTile.WIDE) * GemmTile.WIDE;
        int run = wholeTiles(Math.ceilDiv(tiles, Math.ceilDiv(tiles, most)));
        Offset.Values planes = operands.scratch((long) each * run);
        DeviceWeights.Place weight = operands.deviceWeights().winograd(operands.key(n, 0, "winograd"),
                operands.data(n, 0),
                channels, channels);
        List<Launch> launches = new ArrayList<>();
        for (int first = 0; first < tiles; first += run) {
            int count = Math.min(run, tiles - first);
            int planeRows = wholeTiles(count);
            int rows = Winograd.POINTS * planeRows;
            Offset.Values products = planes.plus(rows * channels);
            launches.add(new WinogradInput(input, new WinogradTiles(first, count, planeRows, planes)));
            launches.add(
                    new Gemm(kernel(rows, columns), rows, FeatureMap.matrix(planes, rows, channels), Gemm.Second.NONE,
                            Gemm.Window.point(rows),
                            new Gemm.Weights(weight, new Offset.Tables(0), Winograd.POINTS, planeRows),
                            GemmEpilogue.none(products, columns, rows)));
            launches.add(new WinogradOutput(input, new WinogradTiles(first, count, planeRows, products), epilogue));
        }
        return launches;
    }

    /** Rows per plane: rounded up, so that no tile of the GEMM extends into the next plane. */
    private static int wholeTiles(int tiles) {
        return Math.ceilDiv(tiles, GemmTile.WIDE) * GemmTile.WIDE;
    }
}
