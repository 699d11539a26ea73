package radedit.undertest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a model takes: how a film becomes a tensor. The steps, in order: the negative, a crop to the central square, a
 * resize, a centre crop or a margin, the value range, mean and standard deviation.
 *
 * @param name
 *            the input tensor's name; null for the model's only input
 * @param size
 *            of the tensor; null for the model's own
 * @param square
 *            whether the central square is cropped first, with sides of the film's shorter side
 * @param resize
 *            how the film gets the tensor's size
 * @param shorterSide
 *            with {@link Resize#SHORTER_SIDE}: the shorter side after resizing and before the centre crop; 0 for the
 *            tensor's longer side
 * @param filter
 *            how pixels are resampled
 * @param margin
 *            with {@link Resize#PAD}: level of the margin, 0 (black) to 255
 * @param channels
 *            1, or 3 equal ones
 * @param layout
 *            order of the tensor's axes
 * @param low
 *            value of black
 * @param high
 *            value of white
 * @param mean
 *            subtracted from each channel after the value range; empty for none
 * @param std
 *            by which each channel is divided then; empty for none
 * @param invert
 *            whether the model takes negatives
 * @param type
 *            of the tensor's elements
 */
public record InputSpec(@Nullable String name, @Nullable Size size, boolean square, Resize resize, int shorterSide,
        Filter filter, double margin, int channels, Layout layout, double low, double high, List<Double> mean,
        List<Double> std, boolean invert, ElementType type) {
    /** How a film gets the tensor's size. */
    public enum Resize {
        /** Both sides are resized, whatever that does to proportions. */
        STRETCH,
        /** The shorter side is resized and the centre cropped (torchvision's Resize and CenterCrop). */
        SHORTER_SIDE,
        /** The longer side is resized and margins are added (Pillow's ImageOps.pad). */
        PAD
    }

    /** How pixels are resampled. The first four round 8-bit films to 8 bits, as Pillow and so torchvision do. */
    public enum Filter {
        /** Triangle, widened when the film shrinks. */
        BILINEAR,
        /** Keys' cubic kernel with a = -0.5, widened when the film shrinks. */
        BICUBIC,
        /** Sinc with a window of three lobes, widened when the film shrinks. */
        LANCZOS,
        /** Means of the pixels under each new one (Pillow's BOX); OpenCV's INTER_AREA for whole factors. */
        AREA,
        /** scikit-image's resize of order 1 in mode "constant" with anti-aliasing, after the value range. */
        SKIMAGE
    }

    /** Order of a tensor's axes. */
    public enum Layout {
        /** Film, channel, row, column. */
        NCHW,
        /** Film, row, column, channel. */
        NHWC
    }

    /** Type of a tensor's elements. */
    public enum ElementType {
        /** 32-bit floating point. */
        FLOAT32,
        /** 16-bit floating point (IEEE 754 binary16). */
        FLOAT16,
        /** 64-bit floating point. */
        FLOAT64,
        /** 8 bits, unsigned. */
        UINT8
    }

    /** Copies the lists. */
    public InputSpec {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }

    /**
     * {@return this with a size}
     *
     * @param newSize
     *            of the tensor
     */
    public InputSpec withSize(Size newSize) {
        return new InputSpec(name, newSize, square, resize, shorterSide, filter, margin, channels, layout, low, high,
                mean, std, invert, type);
    }

    /** {@return the keys of a preprocessing file's "input" that have this meaning} */
    public Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        if (name != null) {
            m.put("name", name);
        }
        if (size != null) {
            m.put("size", size.width() == size.height() ? size.width() : size.toString());
        }
        m.put("square", square);
        m.put("resize", word(resize));
        if (resize == Resize.SHORTER_SIDE && shorterSide > 0) {
            m.put("shorter_side", shorterSide);
        }
        m.put("filter", word(filter));
        if (resize == Resize.PAD) {
            m.put("margin", margin);
        }
        m.put("channels", channels);
        m.put("layout", layout.name());
        m.put("range", List.of(low, high));
        if (!mean.isEmpty()) {
            m.put("mean", mean);
        }
        if (!std.isEmpty()) {
            m.put("std", std);
        }
        m.put("invert", invert);
        m.put("type", word(type));
        return m;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
