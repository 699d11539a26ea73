package radedit.imaging;

/** The way from a grey level back to the stored value that means it. */
interface LevelInverse {
    /** The level of a stored value. */
    double level(double stored);

    /**
     * The stored value for a level: of those whose level is nearest, the one nearest to the value that the pixel had.
     *
     * @param stored
     *            the value that the pixel had, kept if there is none to choose
     */
    double nearest(double level, double stored);
}
