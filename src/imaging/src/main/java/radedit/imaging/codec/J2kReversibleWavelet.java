package radedit.imaging.codec;

/** The inverse 5/3 transform in integers (T.800 F.3.8.2.1.1). */
final class J2kReversibleWavelet extends J2kWavelet<int[]> {
    J2kReversibleWavelet(int[] plane, int stride) {
        super(plane, stride);
    }

    @Override
    int[] newArray(int length) {
        return new int[length];
    }

    @Override
    void lift(Halves<int[]> halves, int low, int high, int unit, int odd) {
        int[] even = halves.low();
        int[] other = halves.high();
        extend(other, high, unit);
        int shift = odd == 0 ? -unit : 0;
        for (int i = unit; i < (low + 1) * unit; i++) {
            even[i] -= other[i + shift] + other[i + shift + unit] + 2 >> 2;
        }
        extend(even, low, unit);
        shift = odd == 0 ? 0 : -unit;
        for (int i = unit; i < (high + 1) * unit; i++) {
            other[i] += even[i + shift] + even[i + shift + unit] >> 1;
        }
    }

    @Override
    void halve(int[] array, int at) {
        array[at] /= 2;
    }

    @Override
    void interleave(int[] from, int count, int[] to, int at) {
        for (int i = 0; i < count; i++) {
            to[at + 2 * i] = from[i + 1];
        }
    }
}
