package radedit.imaging;

/**
 * Distances between the centres of neighbouring pixels in millimetres, both above 0.
 *
 * @param rows
 *            between rows
 * @param columns
 *            between columns
 * @param element
 *            the element of the file that says so, for metadata
 */
public record PixelSpacing(double rows, double columns, String element) implements FilmSpace {
    /**
     * Checks the distances.
     *
     * @throws IllegalArgumentException
     *            if one is not finite and above 0
     */
    public PixelSpacing {
        if (!(rows > 0 && columns > 0 && Double.isFinite(rows) && Double.isFinite(columns))) {
            throw new IllegalArgumentException(rows + " x " + columns + " mm");
        }
    }
}
