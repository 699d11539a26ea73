package radedit.graph;

import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Precision;
import radedit.tensor.Shape;

/**
 * An operation and those of its sizes that the shapes of the inputs do not determine. Inputs and weights belong to
 * the {@link Node}. In shapes, b is the batch, h and w are rows and columns of pixels, l and m are tokens, c is
 * channels.
 */
public sealed interface Op {
    /**
     * {@return the shape of the result}
     *
     * @param in
     *            the shapes of the inputs, in order
     * @throws IllegalArgumentException
     *             if the operation cannot take such inputs
     */
    Shape infer(List<Shape> in);

    /**
     * A value given at run time.
     *
     * @param shape
     *            its shape
     */
    record Input(Shape shape) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return shape;
        }
    }

    /**
     * Cross-correlation of [b, h, w, c] with a square kernel; weights [out, in, k, k] and, with {@code bias},
     * [out].
     *
     * @param outChannels
     *            number of output channels
     * @param kernel
     *            rows and columns of the kernel
     * @param stride
     *            step in both directions, in pixels
     * @param padding
     *            zeros around the (upsampled) input
     * @param bias
     *            whether there is a bias
     * @param upsample
     *            whether the input is first upsampled by 2 in both directions, nearest neighbour
     * @param norm
     *            a batch norm to fold into the weights: its four parameters follow the convolution's; null for none
     * @param epilogue
     *            operations fused after the convolution
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

    /**
     * x W^T + b over the last axis; weights [out, in] (or [out, in, 1, 1]) and, with {@code bias}, [out].
     *
     * @param outFeatures
     *            number of output channels, before a GEGLU gate halves them
     * @param bias
     *            whether there is a bias
     * @param epilogue
     *            operations fused after the GEMM
     */
    record Linear(int outFeatures, boolean bias, Epilogue epilogue) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst().with(-1, epilogue.geglu() ? outFeatures / 2 : outFeatures);
        }
    }

    /**
     * Normalises groups of adjacent channels over all pixels or tokens of a sample to mean 0 and variance 1, then
     * scales and shifts each channel (Wu and He, arXiv:1803.08494); the variance is the biased one. Weights scale
     * and shift, each [c].
     *
     * @param groups
     *            number of groups; divides the number of channels
     * @param eps
     *            added to the variance
     * @param activation
     *            function fused after the norm
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

    /**
     * Normalises the last axis to mean 0 and variance 1, then scales and shifts (Ba et al., arXiv:1607.06450); the
     * variance is the biased one. Weights scale and shift, each [c].
     *
     * @param eps
     *            added to the variance
     */
    record LayerNorm(double eps) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /**
     * Scales and shifts each channel by the statistics of the training set: (x - mean) / sqrt(variance + eps) *
     * weight + bias (Ioffe and Szegedy, arXiv:1502.03167); weights weight, bias, mean and variance, each [c].
     *
     * @param eps
     *            added to the variance
     */
    record BatchNorm(double eps) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /**
     * Maximum over a square window of [b, h, w, c], channel by channel; positions in the padding are ignored.
     *
     * @param kernel
     *            rows and columns of the window
     * @param stride
     *            step in both directions, in pixels
     * @param padding
     *            rows and columns by which the window may extend over each edge
     */
    record MaxPool(int kernel, int stride, int padding) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            Shape x = in.getFirst();
            int h = (x.dim(1) + 2 * padding - kernel) / stride + 1;
            int w = (x.dim(2) + 2 * padding - kernel) / stride + 1;
            return x.with(1, h).with(2, w);
        }
    }

    /** Mean over all pixels: [b, h, w, c] to [b, c]. */
    record MeanPool() implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(in.getFirst().dim(0), in.getFirst().dim(-1));
        }
    }

    /**
     * Applies an elementwise function.
     *
     * @param function
     *            the function
     */
    record Activate(Activation function) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /**
     * Sum of two values. The second has the shape of the first, or is [b, c] (broadcast over the pixels or tokens
     * of each sample), or has batch 1 (broadcast over the samples).
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

    /** x (1 + scale) + shift; scale and shift are [b, c], broadcast over the pixels or tokens of each sample. */
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
     * softmax(q k^T scale + mask) v for each head; a head is one of equal slices of the channels (Vaswani et al.,
     * arXiv:1706.03762). Inputs q [b, l, c], k and v [b, m, c] and, if masked, a mask [b, m] that is 0 for keys to
     * ignore.
     *
     * @param heads
     *            number of heads; divides c
     * @param scale
     *            factor of the scores
     * @param masked
     *            whether there is a mask
     * @param weights
     *            to what a query's weights exp(s - max s) are rounded before their GEMM with v, where s are its scores and
     *            max s the largest; the sum by which the result is divided is that of the weights before they are rounded
     */
    record Attention(int heads, double scale, boolean masked, Precision weights) implements Op {
        /**
         * Attention whose weights are not rounded.
         *
         * @param heads
         *            number of heads; divides c
         * @param scale
         *            factor of the scores
         * @param masked
         *            whether there is a mask
         */
        public Attention(int heads, double scale, boolean masked) {
            this(heads, scale, masked, Precision.NONE);
        }

        Attention with(Precision p) {
            return new Attention(heads, scale, masked, p);
        }

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

    /** Concatenation along the channels. */
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

    /**
     * Nearest-neighbour resampling of [b, h, w, c]: output row y is input row floor(y * h / height), and likewise
     * for columns.
     *
     * @param height
     *            rows of the result
     * @param width
     *            columns of the result
     */
    record Upsample(int height, int width) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst().with(1, height).with(2, width);
        }
    }

    /**
     * A range of channels.
     *
     * @param from
     *            first channel
     * @param to
     *            last channel, exclusive
     */
    record Slice(int from, int to) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst().with(-1, to - from);
        }
    }

    /**
     * The same elements in the same order under another shape.
     *
     * @param to
     *            the shape of the result
     */
    record Reshape(Shape to) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            if (in.getFirst().elements() != to.elements()) {
                throw new IllegalArgumentException("cannot see " + in.getFirst() + " as " + to);
            }
            return to;
        }
    }

    /**
     * Rows of a table [rows, c] selected by integer ids [b, l]: [b, l, c]. An id out of range is an error at run
     * time.
     *
     * @param channels
     *            c
     */
    record Embedding(int channels) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(in.getFirst().dim(0), in.getFirst().dim(1), channels);
        }
    }

    /**
     * Rows of a table as [1, count, channels]: row {@code first + i * step} for position i. The table is any
     * parameter, read as rows of {@code channels} elements.
     *
     * @param first
     *            row of position 0
     * @param step
     *            rows from one position to the next; 0 repeats the first row
     * @param count
     *            number of positions
     * @param channels
     *            elements per row
     */
    record TableRows(int first, int step, int count, int channels) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(1, count, channels);
        }
    }

    /**
     * Sinusoidal embedding of timesteps [b] as [b, dim] (Ho et al., arXiv:2006.11239, after Vaswani et al.). The
     * frequencies exp(-ln 10000 * i / (dim/2 - shift)), their product with the timestep, and sine and cosine are
     * each rounded to float32 on every backend, because the published UNet is defined that way.
     *
     * @param dim
     *            number of channels
     * @param flipSinToCos
     *            whether the cosines come before the sines
     * @param shift
     *            subtracted from dim/2 in the exponent, diffusers' downscale_freq_shift
     */
    record TimestepEmbedding(int dim, boolean flipSinToCos, double shift) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(in.getFirst().dim(0), dim);
        }
    }

    /**
     * Sinusoidal encoding of the rows and columns of a grid as [1, height * width, channels] (Carion et al.,
     * arXiv:2005.12872, normalised to 2 pi): the first half of the channels encodes the row, the second half the
     * column, with sine and cosine alternating. Every step is rounded to float32 on every backend, because the
     * published model stores it that way.
     *
     * @param height
     *            rows of the grid
     * @param width
     *            columns of the grid
     * @param channels
     *            number of channels, even
     */
    record GridPositions(int height, int width, int channels) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(1, height * width, channels);
        }
    }

    /**
     * One token of each sequence: [b, l, c] to [b, c].
     *
     * @param index
     *            the token's position
     */
    record Token(int index) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return Shape.of(in.getFirst().dim(0), in.getFirst().dim(2));
        }
    }

    /**
     * Each row of the last axis divided by max(its Euclidean norm, eps).
     *
     * @param eps
     *            smallest divisor
     */
    record L2Normalize(double eps) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /**
     * Each element rounded to a format of fewer bits; the result's type stays that of the backend.
     *
     * @param to
     *            the format
     */
    record Round(Precision to) implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }

    /** The input itself under another name: a module that does nothing in inference, such as dropout. */
    record Identity() implements Op {
        @Override
        public Shape infer(List<Shape> in) {
            return in.getFirst();
        }
    }
}
