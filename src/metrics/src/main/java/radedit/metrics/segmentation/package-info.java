/**
 * Overlap and surface distances of two masks. A mask is {@code [height * width]}, row by row, true inside; distances are in the unit of
 * the {@link radedit.metrics.segmentation.PixelGrid}'s spacing, such as mm.
 */
@NullMarked
package radedit.metrics.segmentation;

import org.jspecify.annotations.NullMarked;
