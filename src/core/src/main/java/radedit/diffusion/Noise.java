package radedit.diffusion;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** A source of standard normal numbers. */
@FunctionalInterface
public interface Noise {
    /**
     * {@return the next numbers of the sequence, as one call of torch.randn draws them}
     *
     * @param shape
     *            shape of the result
     */
    Tensor randn(Shape shape);
}
