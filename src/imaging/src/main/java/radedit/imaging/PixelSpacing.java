package radedit.imaging;

/**
 * Distances between the centres of neighbouring pixels, in millimetres.
 *
 * @param rows
 *            from row to row
 * @param columns
 *            from column to column
 * @param element
 *            what of the file says so, for metadata
 */
public record PixelSpacing(double rows, double columns, String element) implements FilmSpace {
    public PixelSpacing {
        if (!(rows > 0 && columns > 0 && Double.isFinite(rows) && Double.isFinite(columns))) {
            throw new IllegalArgumentException(rows + " x " + columns + " mm");
        }
    }
}
