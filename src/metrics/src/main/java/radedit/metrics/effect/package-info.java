/**
 * What an edit does to a classifier: decisions that flip, log-odds that move, classes that should not have changed, the dose at
 * which a decision switches, and what returns after the reverse edit. Cases are paired: index i before and after is the same film. A
 * case is decided "yes" when its score is at least the threshold, which is frozen before the test.
 */
@NullMarked
package radedit.metrics.effect;

import org.jspecify.annotations.NullMarked;
