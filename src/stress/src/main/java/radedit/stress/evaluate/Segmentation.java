package radedit.stress.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import radedit.imaging.Mask;
import radedit.metrics.Bootstrap;
import radedit.metrics.segmentation.AverageHausdorff;
import radedit.metrics.segmentation.Overlap;
import radedit.metrics.segmentation.PixelGrid;
import radedit.metrics.segmentation.SurfaceDistances;

/** How a segmenter's masks of edited films differ from its masks of the films before the edit. */
final class Segmentation {
    private final MaskBook book;
    private final Grouping grouping;
    private final Bootstrap bootstrap;
    private final Map<String, double[][]> byCase = new LinkedHashMap<>();

    /** The numbers of a structure, by name. */
    private static final List<String> METRICS = List.of("dice", "hausdorff95", "average_hausdorff", "lost");

    Segmentation(MaskBook book, Grouping grouping, Bootstrap bootstrap) throws IOException {
        this.book = book;
        this.grouping = grouping;
        this.bootstrap = bootstrap;
        for (EvaluatedCase c : grouping.cases()) {
            List<Mask> before = book.lookup().of(c.finished().originalName());
            List<Mask> after = book.lookup().of(c.id());
            double[][] all = new double[before.size()][];
            for (int k = 0; k < all.length; k++) {
                all[k] = compare(before.get(k), after.get(k));
            }
            byCase.put(c.id(), all);
        }
    }

    private static double[] compare(Mask reference, Mask result) {
        PixelGrid grid = PixelGrid.ofPixels(reference.width(), reference.height());
        Overlap overlap = Overlap.of(result.pixels(), reference.pixels());
        boolean bothThere = !reference.isEmpty() && !result.isEmpty();
        return new double[]{overlap.dice(),
                bothThere ? SurfaceDistances.of(result.pixels(), reference.pixels(), grid).hausdorff95() : Double.NaN,
                bothThere ? AverageHausdorff.of(result.pixels(), reference.pixels(), grid) : Double.NaN,
                reference.isEmpty() ? Double.NaN : result.isEmpty() ? 1 : 0};
    }

    /** {@return a table for each group and each structure} */
    List<Group.Table> tables() {
        List<Group.Table> all = new ArrayList<>();
        grouping.groups().forEach((g, cases) -> {
            for (int k = 0; k < book.structures().size(); k++) {
                int structure = k;
                Sample s = new Sample(cases, bootstrap);
                for (int m = 0; m < METRICS.size(); m++) {
                    int metric = m;
                    s.addMean(METRICS.get(m), s.each(i -> numbers(cases.get(i), structure)[metric]));
                }
                all.add(new Group.Table(
                        new Group(g.role(), g.dose(), book.structures().get(k), g.column(), g.value()), s.size(),
                        s.patients(), s.estimates()));
            }
        });
        return all;
    }

    private double[] numbers(EvaluatedCase c, int structure) {
        double[][] all = byCase.get(c.id());
        if (all == null) {
            throw new IllegalStateException(c.id()); // all cases of groups are in the constructor's list
        }
        return all[structure];
    }

    /** {@return the numbers of a case by structure} */
    Map<String, Object> of(EvaluatedCase c) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (int k = 0; k < book.structures().size(); k++) {
            Map<String, Object> m = new LinkedHashMap<>();
            for (int i = 0; i < METRICS.size(); i++) {
                m.put(METRICS.get(i), Estimate.defined(numbers(c, k)[i]));
            }
            out.put(book.structures().get(k), m);
        }
        return out;
    }
}
