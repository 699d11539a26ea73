package radedit.stress;

import java.util.List;

/**
 * Columns of a manifest with masks that are known to be right, against which a segmenter's masks are measured:
 * {@code truth_mask} for a segmenter of one structure, {@code truth_mask.STRUCTURE} for one of several.
 */
public final class TruthMasks {
    /** The column for a segmenter of one structure, and how those of others begin. */
    public static final String COLUMN = "truth_mask";
    private static final String OF = COLUMN + ".";

    private TruthMasks() {
    }

    /**
     * {@return whether a column has such masks}
     *
     * @param column
     *            the column
     */
    public static boolean isMeant(String column) {
        return column.equals(COLUMN) || column.startsWith(OF) && column.length() > OF.length();
    }

    /**
     * {@return the columns with such masks in which a row has a value, in the row's order}
     *
     * @param row
     *            the row
     */
    public static List<String> columns(Values row) {
        return row.byColumn().keySet().stream().filter(TruthMasks::isMeant).toList();
    }

    /**
     * {@return the column of a structure}
     *
     * @param structure
     *            the structure; empty for the only one
     */
    public static String column(String structure) {
        return structure.isEmpty() ? COLUMN : OF + structure;
    }

    /**
     * {@return the structure of a column with such masks; empty for the only one}
     *
     * @param column
     *            the column
     */
    public static String structure(String column) {
        return column.equals(COLUMN) ? "" : column.substring(OF.length());
    }
}
