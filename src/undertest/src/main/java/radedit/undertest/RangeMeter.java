package radedit.undertest;

/** Collects an {@link Output.Range}. */
final class RangeMeter {
    private double least = Double.POSITIVE_INFINITY;
    private double greatest = Double.NEGATIVE_INFINITY;
    private long notFinite;
    private long notWhole;

    void add(double v) {
        if (!Double.isFinite(v)) {
            notFinite++;
            return;
        }
        least = Math.min(least, v);
        greatest = Math.max(greatest, v);
        if (v != Math.rint(v)) {
            notWhole++;
        }
    }

    Output.Range range(double sumError) {
        boolean any = least <= greatest;
        return new Output.Range(any ? least : 0, any ? greatest : 0, notFinite, Double.isNaN(sumError) ? 0 : sumError,
                notWhole);
    }
}
