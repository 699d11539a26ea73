package radedit.tools.phantom;

import java.util.ArrayDeque;
import java.util.Deque;

/** Connected patches on a grid of {@link FilmGrid}'s size, wider than a line. */
final class Patches {
    /** Whether a cell is set. */
    @FunctionalInterface
    interface Cells {
        boolean at(int row, int column);
    }

    private static final int SMALLEST = 12;

    private Patches() {
    }

    /** Number of cells in all patches after two erosions, without tiny remains. */
    static int area(Cells cells) {
        boolean[][] set = new boolean[FilmGrid.SIZE][FilmGrid.SIZE / 2];
        for (int r = 0; r < set.length; r++) {
            for (int c = 0; c < set[0].length; c++) {
                set[r][c] = cells.at(r, c);
            }
        }
        boolean[][] core = eroded(eroded(set));
        int total = 0;
        for (int r = 0; r < core.length; r++) {
            for (int c = 0; c < core[0].length; c++) {
                int area = core[r][c] ? take(core, r, c) : 0;
                if (area >= SMALLEST) {
                    total += area;
                }
            }
        }
        return total;
    }

    private static boolean[][] eroded(boolean[][] set) {
        boolean[][] out = new boolean[set.length][set[0].length];
        for (int r = 1; r < set.length - 1; r++) {
            for (int c = 1; c < set[0].length - 1; c++) {
                out[r][c] = set[r][c] && set[r - 1][c] && set[r + 1][c] && set[r][c - 1] && set[r][c + 1];
            }
        }
        return out;
    }

    /** Clears a patch and returns its area. */
    private static int take(boolean[][] set, int row, int column) {
        Deque<int[]> open = new ArrayDeque<>();
        open.add(new int[]{row, column});
        set[row][column] = false;
        int area = 0;
        while (!open.isEmpty()) {
            int[] p = open.remove();
            area++;
            for (int[] step : new int[][]{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}) {
                int r = p[0] + step[0];
                int c = p[1] + step[1];
                if (r >= 0 && c >= 0 && r < set.length && c < set[0].length && set[r][c]) {
                    set[r][c] = false;
                    open.add(new int[]{r, c});
                }
            }
        }
        return area;
    }
}
