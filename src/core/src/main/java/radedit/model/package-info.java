/**
 * The published networks, one class each, built with {@link radedit.graph.Scope} in forward order; and their
 * configurations.
 */
@NullMarked
package radedit.model;

import org.jspecify.annotations.NullMarked;
