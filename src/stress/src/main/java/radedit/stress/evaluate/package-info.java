/**
 * What a run says about a model under test: its scores before and after the edits, with intervals over patients, controls
 * beside them.
 */
@NullMarked
package radedit.stress.evaluate;

import org.jspecify.annotations.NullMarked;
