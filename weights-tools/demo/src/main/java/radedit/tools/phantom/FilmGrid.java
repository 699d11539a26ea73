package radedit.tools.phantom;

import java.util.Arrays;

import radedit.imaging.Picture;

/** A film resampled to 128 x 128 cells of density, normalised to 1 in the abdomen, whatever the exposure. */
final class FilmGrid {
    static final int SIZE = 128;
    /** Width of a cell in a picture of width 2. */
    static final double CELL = 2.0 / SIZE;

    private final double abdomen;
    private final double[] values = new double[SIZE * SIZE];

    FilmGrid(Picture film) {
        if (film.width() != film.height() || film.width() < SIZE) {
            throw new IllegalArgumentException("a square film of at least " + SIZE + " pixels is expected, not "
                    + film.width() + " x " + film.height());
        }
        Picture grey = film.toGrey();
        int n = grey.width();
        int[] counts = new int[values.length];
        for (int y = 0; y < n; y++) {
            for (int x = 0; x < n; x++) {
                int cell = y * SIZE / n * SIZE + x * SIZE / n;
                values[cell] += grey.get(x, y, 0);
                counts[cell]++;
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= counts[i];
        }
        abdomen = Math.max(1, median(-0.5, 0.5, 0.68, 0.84));
        for (int i = 0; i < values.length; i++) {
            values[i] /= abdomen;
        }
    }

    /** The abdomen's grey level. */
    double abdomen() {
        return abdomen;
    }

    /** The density at a point of the picture, -1 to 1; outside, that of the nearest cell. */
    double at(double x, double y) {
        return values[cell(y) * SIZE + cell(x)];
    }

    private static int cell(double v) {
        return Math.clamp((int) Math.floor((v + 1) / CELL), 0, SIZE - 1);
    }

    /** The median over a rectangle. */
    double median(double x0, double x1, double y0, double y1) {
        double[] all = new double[SIZE * SIZE];
        int n = 0;
        for (double y = y0 + CELL / 2; y < y1; y += CELL) {
            for (double x = x0 + CELL / 2; x < x1; x += CELL) {
                all[n++] = at(x, y);
            }
        }
        Arrays.sort(all, 0, n);
        return n == 0 ? 0 : all[n / 2];
    }
}
