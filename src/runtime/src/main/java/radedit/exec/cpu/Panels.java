package radedit.exec.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * How the columns of a result are cut into panels: full ones first, then narrower ones of a power of two of vectors, the
 * last one padded with zero columns.
 */
final class Panels {
    /**
     * @param start
     *            first column
     * @param width
     *            columns in packed form: 1, 2 or 4 vectors
     * @param count
     *            columns that exist
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
