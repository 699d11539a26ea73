/**
 * Runs of many edits: a manifest becomes a plan of cases, a run makes each case's picture once, and a journal makes sure
 * that nothing is lost or done twice.
 */
@NullMarked
package radedit.stress;

import org.jspecify.annotations.NullMarked;
