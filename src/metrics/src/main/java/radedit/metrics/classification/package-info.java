/**
 * Metrics of one class of a classifier: truth against a score or a probability. A case is decided "yes" when its score is at
 * least the threshold. A metric whose denominator is 0 is NaN, never 0 or 1 by convention.
 */
@NullMarked
package radedit.metrics.classification;

import org.jspecify.annotations.NullMarked;
