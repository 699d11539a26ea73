package radedit.pipeline;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.imaging.Picture;
import radedit.tensor.Tensor;

/**
 * The result of a request.
 *
 * @param images
 *            [pictures, 3, height, width] in 0..1
 * @param latents
 *            [pictures, 4, height / 8, width / 8], as the sampler left them
 * @param settings
 *            for each picture, everything needed to make it again: JSON values by name, in the order of a report
 * @param judgement
 *            the scores of an edit where the model has an image encoder; else null
 * @param editDetails
 *            the inputs of an edit; null for generated pictures
 */
public record Result(Tensor images, Tensor latents, List<Map<String, Object>> settings,
        @Nullable Judgement judgement, @Nullable EditDetails editDetails) {
    Result(Tensor images, Tensor latents, List<Map<String, Object>> settings, @Nullable Judgement judgement) {
        this(images, latents, settings, judgement, null);
    }

    /** {@return the number of pictures} */
    public int count() {
        return images.shape().dim(0);
    }

    /**
     * {@return a picture rounded to 8-bit RGB, as diffusers rounds it}
     *
     * @param index
     *            index of the picture, from 0
     */
    public Picture rgb(int index) {
        int h = images.shape().dim(2);
        int w = images.shape().dim(3);
        return Picture.of(w, h, images.data(), index * 3 * h * w);
    }

    /**
     * {@return a picture's samples rounded to 16 bits, 0 to 65535, row by row}
     *
     * @param index
     *            index of the picture, from 0
     * @param rgb
     *            true for red, green and blue interleaved; false for grey, one sample per pixel (ITU-R BT.601 luma)
     */
    public int[] samples16(int index, boolean rgb) {
        int plane = images.shape().dim(2) * images.shape().dim(3);
        double[] v = images.data();
        int at = index * 3 * plane;
        int[] out = new int[rgb ? 3 * plane : plane];
        for (int i = 0; i < plane; i++) {
            if (rgb) {
                for (int c = 0; c < 3; c++) {
                    out[3 * i + c] = (int) Math.rint(v[at + c * plane + i] * 65535);
                }
            } else {
                double grey = 0.299 * v[at + i] + 0.587 * v[at + plane + i] + 0.114 * v[at + 2 * plane + i];
                out[i] = (int) Math.rint(grey * 65535);
            }
        }
        return out;
    }

    /**
     * {@return a picture in 8-bit grey, converted from its 8-bit RGB values}
     *
     * @param index
     *            index of the picture, from 0
     */
    public Picture grey(int index) {
        return rgb(index).toGrey();
    }
}
