/**
 * Models under test: classifiers and segmenters that others made, run on films before and after edits. A
 * {@link radedit.undertest.Preprocessing} describes what a model takes and gives, {@link radedit.undertest.ModelProbes}
 * refuses what cannot be right before a run, {@link radedit.undertest.ScoreFile} and
 * {@link radedit.undertest.MaskFolder} read results that were made elsewhere.
 */
@NullMarked
package radedit.undertest;

import org.jspecify.annotations.NullMarked;
