/**
 * Masks by word: where a user says "this file", "this box", "these runs", a set of pixels comes of it. Rows run downwards
 * and columns to the right; pixel (0, 0) is the first of the film as it is stored, whatever size a model works at.
 */
package radedit.imaging.mask;
