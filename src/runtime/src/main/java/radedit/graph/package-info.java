/**
 * The static graph of a network: named operations on values of known shape, in execution order, with the passes that
 * every backend shares (pruning, fusion, memory plan).
 */
@NullMarked
package radedit.graph;

import org.jspecify.annotations.NullMarked;
