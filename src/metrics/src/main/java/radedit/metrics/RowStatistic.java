package radedit.metrics;

/** A statistic of some rows of a table that the implementation knows. */
@FunctionalInterface
public interface RowStatistic {
    /**
     * {@return the statistic of these rows; NaN or infinite where it is undefined}
     *
     * @param rows
     *            [m], indices of rows, any of them several times; must not be changed. Called by several threads at a time
     */
    double of(int[] rows);
}
