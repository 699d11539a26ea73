/**
 * Procedural frontal chest films with known truth: anatomy, findings, devices, masks and captions, all drawn from a seed,
 * and a judge that recognises findings in a film alone.
 */
@NullMarked
package radedit.tools.phantom;

import org.jspecify.annotations.NullMarked;
