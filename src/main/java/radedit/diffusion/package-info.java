/**
 * Sampling, guidance, inversion and random numbers: host arithmetic in double precision on latents, independent of where
 * the network runs. Latents are {@code [batch, channels, height, width]}.
 */
package radedit.diffusion;
