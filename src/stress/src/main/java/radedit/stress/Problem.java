package radedit.stress;

import org.jspecify.annotations.Nullable;

/**
 * A fault of a manifest.
 *
 * @param row
 *            the row, counted from 1 without the header, comments and empty lines; 0 if it concerns the manifest as a whole
 * @param column
 *            the column; null if it concerns the row as a whole
 * @param text
 *            what is wrong, and the way out
 */
public record Problem(int row, @Nullable String column, String text) {
    @Override
    public String toString() {
        String where = row == 0 ? "" : "row " + row;
        String what = column == null ? "" : (where.isEmpty() ? "" : ", ") + "column " + column;
        return where + what + (where.isEmpty() && what.isEmpty() ? "" : ": ") + text;
    }
}
