/** Weights of a model's components: folders of checkpoints in the published layout, and names of tensors. */
@NullMarked
package radedit.weights;

import org.jspecify.annotations.NullMarked;
