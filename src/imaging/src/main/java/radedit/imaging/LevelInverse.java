package radedit.imaging;

/** The inverse of a curve from stored values to grey levels. */
interface LevelInverse {
    /** The level of a stored value. */
    double level(double stored);

    /**
     * The stored value whose level is nearest; among several, the one nearest to the pixel's previous value.
     *
     * @param level
     *            the wanted level
     * @param stored
     *            the pixel's previous value, returned if no value can be chosen
     */
    double nearest(double level, double stored);
}
