package radedit.pipeline;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.QRDecomposition;

import radedit.imaging.Picture;
import radedit.imaging.Resample;
import radedit.tensor.Tensor;

/**
 * Approximates the VAE's decoder by a linear function of each cell's channels, which costs next to nothing. The
 * function is fitted, by least squares, to a latent whose picture is known.
 */
public final class LinearDecoder {
    /** [channel of the picture][channel of the latent, then the constant]. */
    private final double[][] coefficients;

    private LinearDecoder(double[][] coefficients) {
        this.coefficients = coefficients;
    }

    /**
     * Fits the function.
     *
     * @param latent
     *            [1, channels, height, width], scaled as the sampler needs it
     * @param picture
     *            what the latent encodes, of any size
     * @return the function
     */
    public static LinearDecoder of(Tensor latent, Picture picture) {
        int h = latent.shape().dim(2);
        int w = latent.shape().dim(3);
        Picture small = Resample.resize(picture, w, h, Resample.Filter.BILINEAR);
        int channels = latent.shape().dim(1);
        double[][] rows = new double[h * w + channels][channels + 1];
        for (int i = 0; i < h * w; i++) {
            rows[i] = cell(latent, i);
        }
        for (int c = 0; c < channels; c++) {
            rows[h * w + c][c] = 1e-3; // a constant channel says nothing, and gets the coefficient 0
        }
        var solver = new QRDecomposition(new Array2DRowRealMatrix(rows, false)).getSolver();
        double[][] all = new double[small.channels()][];
        for (int c = 0; c < all.length; c++) {
            double[] wanted = new double[rows.length];
            for (int i = 0; i < h * w; i++) {
                wanted[i] = small.samples()[i * all.length + c] & 0xFF;
            }
            all[c] = solver.solve(new ArrayRealVector(wanted, false)).toArray();
        }
        return new LinearDecoder(all);
    }

    /** {@return noise [1, channels, height, width], smoothed over 5 x 5 cells to the variance it had, as latents are} */
    static Tensor smooth(Tensor noise) {
        int h = noise.shape().dim(2);
        int w = noise.shape().dim(3);
        Tensor out = Tensor.zeros(noise.shape());
        for (int i = 0; i < out.data().length; i++) {
            int x = i % w;
            int y = i / w % h;
            int plane = i - i % (h * w);
            int n = 0;
            for (int r = Math.max(0, y - 2); r <= Math.min(h - 1, y + 2); r++) {
                for (int c = Math.max(0, x - 2); c <= Math.min(w - 1, x + 2); c++) {
                    out.data()[i] += noise.data()[plane + r * w + c];
                    n++;
                }
            }
            out.data()[i] /= Math.sqrt(n);
        }
        return out;
    }

    /** {@return the channels of a cell, then 1} */
    private static double[] cell(Tensor latent, int index) {
        int channels = latent.shape().dim(1);
        int plane = latent.data().length / channels;
        double[] out = new double[channels + 1];
        for (int c = 0; c < channels; c++) {
            out[c] = latent.data()[c * plane + index];
        }
        out[channels] = 1;
        return out;
    }

    /**
     * {@return the picture of a latent, one pixel per cell}
     *
     * @param latent
     *            [1, channels, height, width], with as many channels as the one fitted to
     */
    public Picture decode(Tensor latent) {
        int h = latent.shape().dim(2);
        int w = latent.shape().dim(3);
        byte[] out = new byte[h * w * coefficients.length];
        for (int i = 0; i < h * w; i++) {
            double[] cell = cell(latent, i);
            for (int c = 0; c < coefficients.length; c++) {
                double v = 0;
                for (int k = 0; k < cell.length; k++) {
                    v += coefficients[c][k] * cell[k];
                }
                out[i * coefficients.length + c] = (byte) Math.clamp(Math.rint(v), 0, 255);
            }
        }
        return new Picture(w, h, coefficients.length, out);
    }
}
