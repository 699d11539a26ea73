package radedit.diffusion;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** A source of standard normal numbers. */
@FunctionalInterface
public interface Noise {
    /** The next numbers, as one call of torch.randn would draw them. */
    Tensor randn(Shape shape);
}
