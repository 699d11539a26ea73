package radedit.graph;

import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Shape;

/**
 * An operation. Its record says what its name does not: sizes that the inputs' shapes leave open. Weights and inputs
 * belong to the {@link Node}.
 */
public sealed interface Op {
    /** The shape of the result. */
    Shape infer(List<Shape> in);

    /** A value given at run time. */
    record Input(Shape shape) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return shape;
        }
    }

    /**
     * Cross-correlation of [b, h, w, c] with a square kernel; weights [out, in, k, k] and, with {@code bias}, [out].
     *
     * @param upsample
     *            whether the input is first doubled in both directions by repetition
     * @param norm
     *            a batch norm whose scale and shift belong to the weights: its four parameters follow the convolution's;
     *            null for none
     */
    record Conv2d(int outChannels, int kernel, int stride, Padding padding, boolean bias, boolean upsample,
            @Nullable BatchNorm norm, Epilogue epilogue) implements Op {
        Conv2d with(Epilogue e) {
            return new Conv2d(outChannels, kernel, stride, padding, bias, upsample, norm, e);
        }

        Conv2d with(BatchNorm n) {
            return new Conv2d(outChannels, kernel, stride, padding, bias, upsample, n, epilogue);
        }

        Conv2d withUpsample() {
            return new Conv2d(outChannels, kernel, stride, padding, bias, true, norm, epilogue);
        }

        @Override
        public Shape infer(List<Shape> in) {
            Shape x = in.getFirst();
            int scale = upsample ? 2 : 1;
            int h = (x.dim(1) * scale + padding.top() + padding.bottom() - kernel) / stride + 1;
            int w = (x.dim(2) * scale + padding.left() + padding.right() - kernel) / stride + 1;
            return Shape.of(x.dim(0), h, w, outChannels);
        }
    }

    /** x W^T + b over the last axis; weights [out, in] (or [out, in, 1, 1]) and, with {@code bias}, [out]. */
    record Linear(int outFeatures, boolean bias, Epilogue epilogue) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst().with(-1, epilogue.geglu() ? outFeatures / 2 : outFeatures);
        }
    }

    /**
     * Normalises groups of neighbouring channels over all pixels (or tokens) of a sample to mean 0 and variance 1, then
     * scales and shifts each channel (Wu and He, arXiv:1803.08494); the variance is the biased one.
     */
    record GroupNorm(int groups, double eps, Activation activation) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            if (in.getFirst().dim(-1) % groups != 0) {
                throw new IllegalArgumentException(in.getFirst().dim(-1) + " channels in " + groups + " groups");
            }
            return in.getFirst();
        }
    }

    /** Normalises the last axis to mean 0 and variance 1, then scales and shifts (Ba et al., arXiv:1607.06450). */
    record LayerNorm(double eps) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /**
     * Scales and shifts each channel by the statistics of the training set: (x - mean) / sqrt(variance + eps) * weight +
     * bias (Ioffe and Szegedy, arXiv:1502.03167); parameters weight, bias, mean and variance, each [channels].
     */
    record BatchNorm(double eps) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /** The largest value under a square window, channel by channel; what lies outside the picture never counts. */
    record MaxPool(int kernel, int stride, int padding) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            Shape x = in.getFirst();
            int h = (x.dim(1) + 2 * padding - kernel) / stride + 1;
            int w = (x.dim(2) + 2 * padding - kernel) / stride + 1;
            return x.with(1, h).with(2, w);
        }
    }

    /** The mean over all pixels: [b, h, w, c] to [b, c]. */
    record MeanPool() implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(in.getFirst().dim(0), in.getFirst().dim(-1));
        }
    }

    /** An elementwise function. */
    record Activate(Activation function) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /**
     * The sum of two values. The second has the shape of the first, or is [b, c] (added to each pixel or token of its
     * sample), or has batch 1 (added to each sample).
     */
    record Add() implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            Shape a = in.get(0);
            Shape b = in.get(1);
            boolean perSample = b.rank() == 2 && a.rank() > 2 && b.dim(0) == a.dim(0) && b.dim(1) == a.dim(-1);
            if (!a.equals(b) && !perSample && !a.with(0, 1).equals(b)) {
                throw new IllegalArgumentException("cannot add " + b + " to " + a);
            }
            return a;
        }
    }

    /** x (1 + scale) + shift with scale and shift [b, c]. */
    record ScaleShift() implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /** The first half of the channels times the GELU of the second half (Shazeer, arXiv:2002.05202). */
    record Geglu() implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst().with(-1, in.getFirst().dim(-1) / 2);
        }
    }

    /**
     * softmax(q k^T scale + mask) v for each head, heads being equal slices of the channels. Inputs q [b, l, c],
     * k and v [b, m, c] and, where masked, a mask [b, m] that is 0 for keys to be left out.
     */
    record Attention(int heads, double scale, boolean masked) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            Shape q = in.get(0);
            if (q.dim(-1) % heads != 0 || !in.get(1).equals(in.get(2)) || in.get(1).dim(0) != q.dim(0)) {
                throw new IllegalArgumentException(
                        "attention of " + q + " over " + in.get(1) + ", " + heads + " heads");
            }
            return q;
        }
    }

    /** Joins values along the channels. */
    record Concat() implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            int c = 0;
            for (Shape s : in) {
                if (!s.with(-1, 1).equals(in.getFirst().with(-1, 1))) {
                    throw new IllegalArgumentException("cannot join " + in);
                }
                c += s.dim(-1);
            }
            return in.getFirst().with(-1, c);
        }
    }

    /** Nearest neighbour: output row y takes input row floor(y * inputHeight / height), columns likewise. */
    record Upsample(int height, int width) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst().with(1, height).with(2, width);
        }
    }

    /** Channels {@code from} (inclusive) to {@code to} (exclusive). */
    record Slice(int from, int to) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst().with(-1, to - from);
        }
    }

    /** The same elements in the same order under another shape. */
    record Reshape(Shape to) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            if (in.getFirst().elements() != to.elements()) {
                throw new IllegalArgumentException("cannot see " + in.getFirst() + " as " + to);
            }
            return to;
        }
    }

    /** Rows of a table [rows, channels] chosen by integer ids [b, l]; an id out of range is an error at run time. */
    record Embedding(int channels) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(in.getFirst().dim(0), in.getFirst().dim(1), channels);
        }
    }

    /**
     * Rows of a table as [1, count, channels]: row {@code first + i * step} for position i. The table is any parameter
     * whose elements lie row after row.
     */
    record TableRows(int first, int step, int count, int channels) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(1, count, channels);
        }
    }

    /**
     * Sinusoidal embedding of timesteps [b] (Ho et al., arXiv:2006.11239, after Vaswani et al.): the frequencies
     * exp(-ln 10000 * i / (dim/2 - shift)), their product with t and the sine and cosine are each rounded to float32 on
     * every backend, because that is how the published UNet defines it.
     */
    record TimestepEmbedding(int dim, boolean flipSinToCos, double shift) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(in.getFirst().dim(0), dim);
        }
    }

    /**
     * Sines and cosines of the rows and columns of a grid as [1, height * width, channels] (Carion et al.,
     * arXiv:2005.12872, normalised to 2 pi): the first half of the channels tells the row, the second the column, sine
     * and cosine taking turns. Every step is rounded to float32 on every backend, as the published model holds it.
     */
    record GridPositions(int height, int width, int channels) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(1, height * width, channels);
        }
    }

    /** One token of each sequence: [b, l, c] to [b, c]. */
    record Token(int index) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(in.getFirst().dim(0), in.getFirst().dim(2));
        }
    }

    /** Each row of the last axis divided by max(its Euclidean norm, eps). */
    record L2Normalize(double eps) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /** The value itself under another name: a module that does nothing in inference, such as dropout. */
    record Identity() implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }
}
