package radedit.exec.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Transposes a matrix, in squares of 4 x 4 elements in registers: first blocks of 2 x 2, then the elements of each. */
final class Transpose {
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    /** Exchanges the halves of a vector of four. */
    private static final VectorShuffle<Float> HALVES = VectorShuffle.fromValues(FOUR, 2, 3, 0, 1);
    /** Exchanges neighbours. */
    private static final VectorShuffle<Float> PAIRS = VectorShuffle.fromValues(FOUR, 1, 0, 3, 2);
    private static final VectorMask<Float> HIGH = VectorMask.fromValues(FOUR, false, false, true, true);
    private static final VectorMask<Float> ODD = VectorMask.fromValues(FOUR, false, true, false, true);

    private Transpose() {
    }

    /**
     * {@code to[toAt + t * toStep + r]} becomes {@code from[at + r * step + t]} for {@code r} below {@code rows} and
     * {@code t} below {@code columns}.
     */
    static void copy(float[] from, int at, int step, int rows, int columns, float[] to, int toAt, int toStep) {
        int down = rows & -4;
        int across = columns & -4;
        for (int t = 0; t < across; t += 4) {
            int o = toAt + t * toStep;
            for (int r = 0; r < down; r += 4) {
                int i = at + r * step + t;
                FloatVector a = FloatVector.fromArray(FOUR, from, i);
                FloatVector b = FloatVector.fromArray(FOUR, from, i + step);
                FloatVector c = FloatVector.fromArray(FOUR, from, i + 2 * step);
                FloatVector d = FloatVector.fromArray(FOUR, from, i + 3 * step);
                FloatVector ac = a.blend(c.rearrange(HALVES), HIGH);
                FloatVector ca = a.rearrange(HALVES).blend(c, HIGH);
                FloatVector bd = b.blend(d.rearrange(HALVES), HIGH);
                FloatVector db = b.rearrange(HALVES).blend(d, HIGH);
                ac.blend(bd.rearrange(PAIRS), ODD).intoArray(to, o + r);
                ac.rearrange(PAIRS).blend(bd, ODD).intoArray(to, o + toStep + r);
                ca.blend(db.rearrange(PAIRS), ODD).intoArray(to, o + 2 * toStep + r);
                ca.rearrange(PAIRS).blend(db, ODD).intoArray(to, o + 3 * toStep + r);
            }
        }
        for (int t = 0; t < columns; t++) {
            for (int r = t < across ? down : 0; r < rows; r++) {
                to[toAt + t * toStep + r] = from[at + r * step + t];
            }
        }
    }
}
