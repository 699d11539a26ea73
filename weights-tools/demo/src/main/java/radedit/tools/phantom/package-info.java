/**
 * Procedural frontal chest films with known truth: anatomy, findings, devices, masks and captions, all drawn from a seed,
 * and a judge that says from a film alone what it shows.
 */
package radedit.tools.phantom;
