package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import radedit.imaging.Resample.Filter;

/** What resizing keeps, whatever the picture. */
class ResamplePropertiesTest {
    @Provide
    Arbitrary<Picture> pictures() {
        return Combinators.combine(Arbitraries.integers().between(1, 40), Arbitraries.integers().between(1, 40),
                Arbitraries.of(1, 3), Arbitraries.longs()).as((w, h, c, seed) -> {
                    byte[] samples = new byte[w * h * c];
                    new Random(seed).nextBytes(samples);
                    return new Picture(w, h, c, samples);
                });
    }

    @Property(tries = 200, seed = "1")
    void theResultHasTheSizeAskedFor(@ForAll("pictures") Picture p, @ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll @IntRange(min = 1, max = 90) int height, @ForAll Filter filter) {
        Picture r = Resample.resize(p, width, height, filter);
        assertEquals(width + " " + height + " " + p.channels(), r.width() + " " + r.height() + " " + r.channels());
        assertEquals(width * height * p.channels(), r.samples().length);
        assertArrayEquals(p.samples(), Resample.resize(p, p.width(), p.height(), filter).samples());
    }

    /** The weights are 1 together, and so nearly so in fixed point that no level is lost. */
    @Property(tries = 400, seed = "2")
    void aConstantStays(@ForAll @IntRange(max = 255) int level, @ForAll @IntRange(min = 1, max = 300) int from,
            @ForAll @IntRange(min = 1, max = 300) int to, @ForAll Filter filter) {
        byte[] samples = new byte[from * 2];
        Arrays.fill(samples, (byte) level);
        for (byte b : Resample.resize(new Picture(from, 2, 1, samples), to, 3, filter).samples()) {
            assertEquals(level, b & 0xFF);
        }
    }

    /** The same in double precision, where a film comes back out of the square that it was put into. */
    @Property(tries = 200, seed = "3")
    void aConstantComesBackOutOfTheSquare(@ForAll @IntRange(min = 1, max = 60) int columns,
            @ForAll @IntRange(min = 1, max = 60) int rows, @ForAll @IntRange(min = 1, max = 40) int size,
            @ForAll Filter filter) {
        int width = columns >= rows ? size : Math.max(1, size * columns / rows);
        int height = rows >= columns ? size : Math.max(1, size * rows / columns);
        Placement p = new Placement(size, columns, rows, width, height, -((size - width) / 2), -((size - height) / 2));
        double[] square = new double[size * size];
        Arrays.fill(square, Double.NaN); // what lies beside the film does not enter
        for (int y = 0; y < height; y++) {
            Arrays.fill(square, (y - p.top()) * size - p.left(), (y - p.top()) * size - p.left() + width, 0.75);
        }
        for (double v : Resample.part(square, p, 0, 0, columns, rows, filter)) {
            assertEquals(0.75, v, 1e-13);
        }
    }

    /** The weights of a triangle are none below 0: nothing is darker or lighter than what was there, or changes sides. */
    @Property(tries = 200, seed = "4")
    void theTriangleKeepsBoundsAndOrder(@ForAll("pictures") Picture p, @ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll @IntRange(min = 1, max = 90) int height) {
        byte[] brighter = p.samples().clone();
        int least = 255;
        int most = 0;
        for (int i = 0; i < brighter.length; i++) {
            int v = brighter[i] & 0xFF;
            least = Math.min(least, v);
            most = Math.max(most, v);
            brighter[i] = (byte) Math.min(255, v + i % 7);
        }
        byte[] a = Resample.resize(p, width, height, Filter.BILINEAR).samples();
        byte[] b = Resample.resize(new Picture(p.width(), p.height(), p.channels(), brighter), width, height,
                Filter.BILINEAR).samples();
        for (int i = 0; i < a.length; i++) {
            assertTrue((a[i] & 0xFF) >= least && (a[i] & 0xFF) <= most);
            assertTrue((a[i] & 0xFF) <= (b[i] & 0xFF));
        }
    }

    /** Each of two passes rounds bytes by half a level, and fixed-point weights by a millionth of that. */
    @Property(tries = 200, seed = "8")
    void doublesAreBytesWithoutRounding(@ForAll("pictures") Picture p, @ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll @IntRange(min = 1, max = 90) int height) {
        Picture grey = p.toGrey();
        double[] values = new double[grey.samples().length];
        Arrays.setAll(values, i -> grey.samples()[i] & 0xFF);
        double[] smooth = Resample.resize(values, p.width(), p.height(), width, height, Filter.BILINEAR);
        double[] means = Resample.area(values, p.width(), p.height(), width, height);
        Picture smoothBytes = Resample.resize(grey, width, height, Filter.BILINEAR);
        Picture meanBytes = Resample.area(grey, width, height);
        for (int i = 0; i < smooth.length; i++) {
            assertEquals(smooth[i], smoothBytes.samples()[i] & 0xFF, 1.001);
            assertEquals(means[i], meanBytes.samples()[i] & 0xFF, 1.001);
        }
    }

    /** Mirrored weights may be rounded otherwise, which is less than a level. */
    @Property(tries = 200, seed = "5")
    void mirroredBeforeIsMirroredAfter(@ForAll("pictures") Picture p, @ForAll @IntRange(min = 1, max = 90) int width,
            @ForAll Filter filter) {
        Picture a = mirrored(Resample.resize(p, width, p.height(), filter));
        Picture b = Resample.resize(mirrored(p), width, p.height(), filter);
        for (int i = 0; i < a.samples().length; i++) {
            assertEquals(a.samples()[i] & 0xFF, b.samples()[i] & 0xFF, 1);
        }
    }

    @Property(tries = 200, seed = "6")
    void rowsAreTreatedAsColumnsAre(@ForAll("pictures") Picture p, @ForAll @IntRange(min = 1, max = 90) int to,
            @ForAll Filter filter) {
        assertArrayEquals(transposed(Resample.resize(p, to, p.height(), filter)).samples(),
                Resample.resize(transposed(p), p.height(), to, filter).samples());
    }

    private static Picture mirrored(Picture p) {
        byte[] out = new byte[p.samples().length];
        int c = p.channels();
        for (int i = 0; i < out.length; i++) {
            int x = i / c % p.width();
            out[i] = p.samples()[i + (p.width() - 1 - 2 * x) * c];
        }
        return new Picture(p.width(), p.height(), c, out);
    }

    private static Picture transposed(Picture p) {
        byte[] out = new byte[p.samples().length];
        for (int i = 0; i < out.length; i++) {
            int x = i / p.channels() / p.height();
            int y = i / p.channels() % p.height();
            out[i] = (byte) p.get(x, y, i % p.channels());
        }
        return new Picture(p.height(), p.width(), p.channels(), out);
    }
}
