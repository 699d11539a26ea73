/**
 * Sampling, guidance, inversion and random numbers. The same code serves latents on the host, in double precision, and
 * on a device. Latents are {@code [batch, channels, height, width]}.
 */
@NullMarked
package radedit.diffusion;

import org.jspecify.annotations.NullMarked;
