package radedit.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import radedit.metrics.check.Require;

/** Rows grouped by what they depend on: the films of a patient. Clusters are numbered by their first row. */
public final class Clusters {
    private final int[][] rows;
    private final int rowCount;

    private Clusters(int[][] rows, int rowCount) {
        this.rows = rows;
        this.rowCount = rowCount;
    }

    /**
     * {@return the rows of each patient}
     *
     * @param patients
     *            [n], the identifier of each row's patient; equal ones are one patient
     * @throws NullPointerException
     *             if an identifier is null
     */
    public static Clusters of(List<String> patients) {
        Map<String, List<Integer>> rows = new LinkedHashMap<>();
        int row = 0;
        for (String p : patients) {
            rows.computeIfAbsent(Objects.requireNonNull(p, "a row has no patient"), k -> new ArrayList<>()).add(row++);
        }
        int[][] all = rows.values().stream().map(r -> r.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        return new Clusters(all, row);
    }

    /**
     * {@return each row as a cluster of its own}
     *
     * @param rows
     *            number of rows, at least 0
     * @throws IllegalArgumentException
     *             if the number is negative
     */
    public static Clusters single(int rows) {
        Require.that(rows >= 0, rows + " rows");
        int[][] all = new int[rows][];
        Arrays.setAll(all, i -> new int[]{i});
        return new Clusters(all, rows);
    }

    /** {@return the number of clusters} */
    public int count() {
        return rows.length;
    }

    /** {@return the number of rows} */
    public int rowCount() {
        return rowCount;
    }

    /** The rows of some clusters, in their order. */
    int[] rowsOf(int[] clusters) {
        int n = 0;
        for (int c : clusters) {
            n += rows[c].length;
        }
        int[] all = new int[n];
        int to = 0;
        for (int c : clusters) {
            for (int r : rows[c]) {
                all[to++] = r;
            }
        }
        return all;
    }
}
