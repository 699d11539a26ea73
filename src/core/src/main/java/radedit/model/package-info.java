/** The published networks, one file each, written against {@link radedit.graph.Scope} in forward order. */
package radedit.model;
