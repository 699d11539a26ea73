/**
 * Procedural frontal chest films with known truth: anatomy, findings, devices, masks and captions, all drawn from a seed,
 * and a judge that recognises findings in a film alone.
 */
package radedit.tools.phantom;
