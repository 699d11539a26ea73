package radedit.imaging.pixel;

/** The colours of indexed pixels (PS3.3 C.7.9). */
public record Palette(LookupTable red, LookupTable green, LookupTable blue) {
    /** A colour's share of full red (0), green (1) or blue (2), 0 to 1. */
    public double at(double index, int channel) {
        LookupTable t = channel == 0 ? red : channel == 1 ? green : blue;
        return Math.min(1, t.at(index) / (double) t.max());
    }
}
