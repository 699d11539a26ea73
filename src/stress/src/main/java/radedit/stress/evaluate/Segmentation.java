package radedit.stress.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.metrics.Bootstrap;
import radedit.metrics.segmentation.AverageHausdorff;
import radedit.metrics.segmentation.Overlap;
import radedit.metrics.segmentation.PixelGrid;
import radedit.metrics.segmentation.SurfaceDistances;
import radedit.stress.FinishedCase;
import radedit.stress.Role;
import radedit.stress.RunException;

/**
 * How well a segmenter's masks of edited films fit. The reference is the known mask of a structure, if the manifest has one: then
 * the masks before and after the edit are both measured with it. Else it is the segmenter's own mask of the film before the edit.
 */
final class Segmentation {
    private final MaskBook book;
    private final Grouping grouping;
    private final Bootstrap bootstrap;
    /** The numbers of a case by structure, each by name. */
    private final Map<String, List<Map<String, Double>>> byCase = new LinkedHashMap<>();
    private final Map<String, Integer> known = new TreeMap<>();

    /** The numbers of a mask, by name. */
    private static final List<String> METRICS = List.of("dice", "hausdorff95", "average_hausdorff", "lost");
    private static final String BEFORE = "_before";
    private static final String AFTER = "_after";

    Segmentation(MaskBook book, Grouping grouping, Bootstrap bootstrap) throws IOException {
        this.book = book;
        this.grouping = grouping;
        this.bootstrap = bootstrap;
        for (EvaluatedCase c : grouping.cases()) {
            Map<String, Path> truth = truth(c);
            book.requireKnown(truth);
            List<Mask> before = book.lookup().of(c.finished().originalName());
            List<Mask> after = book.lookup().of(c.id());
            List<Map<String, Double>> all = new ArrayList<>();
            for (int k = 0; k < before.size(); k++) {
                Path reference = book.reference(k, truth);
                if (reference == null) {
                    all.add(compare(before.get(k), after.get(k), ""));
                } else {
                    known.merge(book.structures().get(k), 1, Integer::sum);
                    all.add(withTruth(c, reference, before.get(k), after.get(k)));
                }
            }
            byCase.put(c.id(), all);
        }
    }

    private static Map<String, Path> truth(EvaluatedCase c) {
        FinishedCase.Files files = c.finished().files();
        return files == null ? Map.of() : files.truth();
    }

    /**
     * Edits of the role foreground change what is to be segmented, so that the reference holds without them only: before such an
     * edit, and after it was undone.
     */
    private static Map<String, Double> withTruth(EvaluatedCase c, Path file, Mask before, Mask after)
            throws IOException {
        Mask reference = Mask.of(Images.read(file));
        if (reference.width() != after.width() || reference.height() != after.height()) {
            throw new RunException(file + ": has " + reference.width() + " x " + reference.height()
                    + " pixels, the segmenter's masks " + after.width() + " x " + after.height());
        }
        boolean changed = is(c.role(), Role.FOREGROUND)
                || c.base() != null && is(Role.of(c.base().plan().role()), Role.FOREGROUND);
        boolean undone = is(c.role(), Role.REVERSE);
        Map<String, Double> all = new LinkedHashMap<>();
        if (!changed || !undone) {
            all.putAll(compare(reference, before, BEFORE));
        }
        if (!changed || undone) {
            all.putAll(compare(reference, after, AFTER));
        }
        if (!changed) {
            all.put("dice_change", all.getOrDefault("dice" + AFTER, Double.NaN)
                    - all.getOrDefault("dice" + BEFORE, Double.NaN));
        }
        return all;
    }

    private static boolean is(Optional<Role> role, Role which) {
        return role.equals(Optional.of(which));
    }

    /** {@return the numbers of a mask, whose names end as is said} */
    private static Map<String, Double> compare(Mask reference, Mask result, String ending) {
        PixelGrid grid = PixelGrid.ofPixels(reference.width(), reference.height());
        boolean bothThere = !reference.isEmpty() && !result.isEmpty();
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("dice" + ending, Overlap.of(result.pixels(), reference.pixels()).dice());
        all.put("hausdorff95" + ending, bothThere
                ? SurfaceDistances.of(result.pixels(), reference.pixels(), grid).hausdorff95()
                : Double.NaN);
        all.put("average_hausdorff" + ending,
                bothThere ? AverageHausdorff.of(result.pixels(), reference.pixels(), grid) : Double.NaN);
        all.put("lost" + ending, reference.isEmpty() ? Double.NaN : result.isEmpty() ? 1.0 : 0.0);
        return all;
    }

    /** {@return the names of all numbers that a structure may have} */
    private static List<String> names() {
        List<String> all = new ArrayList<>(METRICS);
        METRICS.forEach(m -> all.addAll(List.of(m + BEFORE, m + AFTER)));
        all.add("dice_change");
        return all;
    }

    /** {@return a table for each group and each structure} */
    List<Group.Table> tables() {
        List<Group.Table> all = new ArrayList<>();
        grouping.groups().forEach((g, cases) -> {
            for (int k = 0; k < book.structures().size(); k++) {
                int structure = k;
                Sample s = new Sample(cases, bootstrap);
                for (String metric : names()) {
                    s.addMean(metric, s.each(i -> numbers(cases.get(i), structure).getOrDefault(metric, Double.NaN)));
                }
                all.add(new Group.Table(
                        new Group(g.role(), g.dose(), book.structures().get(k), g.column(), g.value()), s.size(),
                        s.patients(), s.estimates()));
            }
        });
        return all;
    }

    private Map<String, Double> numbers(EvaluatedCase c, int structure) {
        List<Map<String, Double>> all = byCase.get(c.id());
        if (all == null) {
            throw new IllegalStateException(c.id()); // all cases of groups are in the constructor's list
        }
        return all.get(structure);
    }

    /** {@return what the masks of each structure are compared with, in words} */
    Map<String, Object> references() {
        Map<String, Object> m = new LinkedHashMap<>();
        String own = "the segmenter's own masks of the films before the edits";
        for (String s : book.structures()) {
            int n = known.getOrDefault(s, 0);
            int all = grouping.cases().size();
            m.put(s, n == 0 ? own : "masks of the manifest" + (n == all ? "" : " for " + n + " cases, else " + own));
        }
        return m;
    }

    /** {@return the numbers of a case by structure} */
    Map<String, Object> of(EvaluatedCase c) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (int k = 0; k < book.structures().size(); k++) {
            Map<String, Object> m = new LinkedHashMap<>();
            numbers(c, k).forEach((name, v) -> m.put(name, Estimate.defined(v)));
            out.put(book.structures().get(k), m);
        }
        return out;
    }
}
