/**
 * Runs in the formats of other programs, and their files as manifests. Each format is described where it is written or
 * read, with the program that defines it.
 */
@NullMarked
package radedit.stress.exchange;

import org.jspecify.annotations.NullMarked;
