/**
 * Masks from a user's words: a file, a box, a polygon, run lengths. Rows run downwards
 * and columns to the right; pixel (0, 0) is the first of the film as it is stored, whatever size a model works at.
 */
@NullMarked
package radedit.imaging.mask;

import org.jspecify.annotations.NullMarked;
