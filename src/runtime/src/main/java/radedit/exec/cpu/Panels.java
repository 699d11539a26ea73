package radedit.exec.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the columns of a result into panels: full ones first, then narrower ones of a power of two of vectors; the last
 * one is padded with zero columns.
 */
final class Panels {
    /**
     * @param start
     *            first column
     * @param width
     *            packed columns: 1, 2 or 4 vectors
     * @param count
     *            columns without the padding
     */
    record Panel(int start, int width, int count) {}

    private Panels() {
    }

    static List<Panel> of(int columns) {
        List<Panel> all = new ArrayList<>();
        int start = 0;
        int width = MicroKernel.WIDTH;
        while (start < columns) {
            while (width > MicroKernel.L && width > columns - start) {
                width /= 2;
            }
            all.add(new Panel(start, width, Math.min(width, columns - start)));
            start += width;
        }
        return all;
    }
}
