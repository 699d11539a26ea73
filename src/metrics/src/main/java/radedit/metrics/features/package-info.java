/**
 * Distances between two sets of films by their features: matrices {@code [n][d]}, one row a film, from any network. The first set is
 * the real one, the second the generated or edited one; only {@link radedit.metrics.features.Manifold} is not symmetric in them.
 */
@NullMarked
package radedit.metrics.features;

import org.jspecify.annotations.NullMarked;
