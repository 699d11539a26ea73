package radedit.imaging.pixel;

/**
 * The colours of indexed pixels (PS3.3 C.7.9).
 *
 * @param red
 *            from index to red
 * @param green
 *            from index to green
 * @param blue
 *            from index to blue
 */
public record Palette(LookupTable red, LookupTable green, LookupTable blue) {
    /**
     * {@return a colour component, 0 to 1}
     *
     * @param index
     *            a stored value
     * @param channel
     *            0 (red), 1 (green) or 2 (blue)
     */
    public double at(double index, int channel) {
        LookupTable t = channel == 0 ? red : channel == 1 ? green : blue;
        return Math.min(1, t.at(index) / (double) t.max());
    }
}
