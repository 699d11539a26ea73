/** The published networks, one file each, written against {@link radedit.graph.Scope} in forward order. */
@NullMarked
package radedit.model;

import org.jspecify.annotations.NullMarked;
