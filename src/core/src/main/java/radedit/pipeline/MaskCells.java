package radedit.pipeline;

import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import radedit.imaging.Placement;
import radedit.message.Setting;
import radedit.tensor.Tensor;

/**
 * The cells of the latent grid that an edit changes and keeps, as {@link RadEdit#edit(EditRequest)} decides on them; no
 * network is needed. A cell is {@code cell} pixels of the model's square wide and high.
 *
 * @param side
 *            cells in a row, and rows
 * @param cell
 *            pixels of the square per cell
 * @param placement
 *            position of the film in the square
 * @param edit
 *            indices (row x side + column) of the cells in the edit mask, without those that are kept, ascending
 * @param keep
 *            indices of the cells in the keep mask, ascending
 */
public record MaskCells(int side, int cell, Placement placement, int[] edit, int[] keep) {
    /**
     * {@return the cells of a request}
     *
     * @param r
     *            the request; prompts are not needed
     * @param size
     *            height and width of the model's square, in pixels, where the request says nothing
     * @param cell
     *            pixels of the square per cell, which divide its side
     * @param listener
     *            receives warnings of masks that may not have the effect intended
     * @throws InvalidRequestException
     *             if the size is not a multiple of the cell
     * @throws InvalidInputException
     *             if the film cannot be used, or a mask has no cell
     */
    public static MaskCells of(EditRequest r, int size, int cell, Listener listener) {
        EditChecks.checkFilm(r);
        int pixels = r.size == 0 ? size : r.size;
        RequestChecks.check(pixels > 0 && pixels % cell == 0 && pixels <= RunOptions.MAX_SIDE,
                Setting.SIZE, " must be a multiple of ", cell, ", not ", pixels);
        FittedMasks masks = FittedMasks.of(r, pixels, cell);
        new EditChecks(r, listener).checkMasks(masks.fit(), masks.edit(), masks.keep());
        int[] keep = indices(masks.keep() == null ? null : masks.keep().cells(), null);
        return new MaskCells(pixels / cell, cell, masks.fit().placement(),
                indices(masks.edit().cells(), masks.keep() == null ? null : masks.keep().cells()), keep);
    }

    private static int[] indices(@Nullable Tensor cells, @Nullable Tensor without) {
        return cells == null
                ? new int[0]
                : IntStream.range(0, cells.data().length)
                        .filter(i -> cells.data()[i] > 0 && (without == null || without.data()[i] == 0)).toArray();
    }
}
