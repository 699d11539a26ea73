package radedit.pipeline;

import java.io.IOException;
import java.nio.file.Path;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskFileReader;
import radedit.safetensors.FormatException;
import radedit.safetensors.Safetensors;
import radedit.tensor.Tensor;

/**
 * Reads masks from safetensors files: the tensor {@code mask} [rows, columns], possibly after axes of extent 1. Pixels
 * that are not 0 are in the mask.
 */
public final class SafetensorsMask implements MaskFileReader {
    /** Creates a reader, as {@link java.util.ServiceLoader} does. */
    public SafetensorsMask() {}

    @Override
    public String ending() {
        return ".safetensors";
    }

    @Override
    public Mask read(Path file) throws IOException {
        try (Safetensors s = Safetensors.open(file)) {
            if (!s.tensors().containsKey("mask")) {
                throw new ImageFormatException(file, "has no tensor 'mask'");
            }
            Tensor t = s.read("mask");
            int leading = t.shape().rank() - 2;
            boolean plane = leading >= 0;
            for (int i = 0; i < leading; i++) {
                plane &= t.shape().dim(i) == 1;
            }
            if (!plane) {
                throw new ImageFormatException(file, "its mask is " + t.shape() + ", [rows, columns] is expected");
            }
            Extent size = Extent.checked(file.toString(), t.shape().dim(leading + 1), t.shape().dim(leading));
            boolean[] set = new boolean[t.data().length];
            for (int i = 0; i < set.length; i++) {
                set[i] = t.data()[i] != 0;
            }
            return new Mask(size.width(), size.height(), set);
        } catch (FormatException e) {
            throw new ImageFormatException(file, e.fault(), e);
        }
    }
}
