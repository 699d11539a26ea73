package radedit.exec.cpu;

import radedit.graph.Op;
import radedit.graph.Padding;
import radedit.tensor.Shape;

/**
 * Offsets of the pixels of a convolution's input.
 *
 * @param xAt
 *            offset of the input in the arena
 * @param zeroAt
 *            offset of as many zeros as there are channels, for padding
 */
record ConvGeometry(int xAt, int zeroAt, int batch, int height, int width, int channels, int outHeight, int outWidth,
        int outChannels, int kernel, int stride, Padding padding, boolean upsample) {

    static ConvGeometry of(Op.Conv2d c, Shape in, Shape out, int xAt, int zeroAt) {
        return new ConvGeometry(xAt, zeroAt, in.dim(0), in.dim(1), in.dim(2), in.dim(3), out.dim(1), out.dim(2),
                c.outChannels(), c.kernel(), c.stride(), c.padding(), c.upsample());
    }

    int rows() {
        return batch * outHeight * outWidth;
    }

    int taps() {
        return kernel * kernel;
    }

    /** Offset of the channels of pixel (y, x) of a sample; that of the zeros for a pixel in the padding. */
    int pixel(int sample, int y, int x) {
        int iy = upsample ? y >> 1 : y;
        int ix = upsample ? x >> 1 : x;
        if (y < 0 || x < 0 || iy >= height || ix >= width) {
            return zeroAt;
        }
        return xAt + ((sample * height + iy) * width + ix) * channels;
    }

    /** Offset of the channels that output row {@code m} multiplies by the weights of kernel position {@code tap}. */
    int tap(int m, int tap) {
        int ox = m % outWidth;
        int oy = m / outWidth % outHeight;
        return pixel(m / outWidth / outHeight, oy * stride + tap / kernel - padding.top(),
                ox * stride + tap % kernel - padding.left());
    }
}
