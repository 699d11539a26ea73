/**
 * Sampling, guidance, inversion and random numbers, written once for latents on the host, in double precision, and on a
 * device. Latents are {@code [batch, channels, height, width]}.
 */
package radedit.diffusion;
