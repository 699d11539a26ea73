/** Manifests to begin with: the experiments of the RadEdit paper, and its published results. */
@NullMarked
package radedit.stress.template;

import org.jspecify.annotations.NullMarked;
