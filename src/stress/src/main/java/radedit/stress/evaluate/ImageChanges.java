package radedit.stress.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.metrics.Bootstrap;
import radedit.metrics.image.AbsoluteChange;
import radedit.metrics.image.GreyLevels;
import radedit.metrics.image.Ssim;
import radedit.stress.FinishedCase;

/** How much the films changed, in grey levels from 0 to 255: inside the edit mask, outside of it, and where it must not. */
final class ImageChanges {
    /** The numbers of a case, by name, in the order of reports; NaN where there is no such region. */
    private static final List<String> METRICS = List.of("mean_change_inside", "largest_change_inside",
            "mean_change_outside", "largest_change_outside", "mean_change_kept", "largest_change_kept", "ssim",
            "ssim_outside");

    private final Map<String, double[]> byCase = new HashMap<>();

    /** Reads and compares the pictures of cases. */
    static ImageChanges of(List<EvaluatedCase> cases) throws IOException {
        ImageChanges all = new ImageChanges();
        for (EvaluatedCase c : cases) {
            FinishedCase.Files f = c.finished().files();
            if (f != null) {
                all.byCase.put(c.id(), compare(f));
            }
        }
        return all;
    }

    private static double[] compare(FinishedCase.Files f) throws IOException {
        Picture original = Images.read(f.original()).toGrey();
        Picture edited = Images.read(f.image()).toGrey();
        double[] before = GreyLevels.of(original.samples());
        double[] after = GreyLevels.of(edited.samples());
        if (before.length != after.length) {
            throw new IOException(f.image() + ": is of another size than " + f.original());
        }
        boolean[] inside = mask(f.editMask(), original);
        boolean[] kept = f.keepMask() == null ? null : mask(f.keepMask(), original);
        AbsoluteChange in = AbsoluteChange.inside(before, after, inside);
        AbsoluteChange out = AbsoluteChange.outside(before, after, inside);
        AbsoluteChange keep = kept == null ? null : AbsoluteChange.inside(before, after, kept);
        boolean large = Math.min(original.width(), original.height()) >= 7;
        Ssim ssim = large ? Ssim.uniform(before, after, original.width(), original.height(), 255) : null;
        boolean[] outside = new boolean[inside.length];
        for (int i = 0; i < outside.length; i++) {
            outside[i] = !inside[i];
        }
        return new double[]{in.mean(), in.largest(), out.mean(), out.largest(),
                keep == null ? Double.NaN : keep.mean(), keep == null ? Double.NaN : keep.largest(),
                ssim == null ? Double.NaN : ssim.mean(), ssim == null ? Double.NaN : ssim.meanInside(outside)};
    }

    private static boolean[] mask(Path file, Picture film) throws IOException {
        Mask m = Mask.of(Images.read(file));
        if (m.width() != film.width() || m.height() != film.height()) {
            throw new IOException(file + ": is of another size than the film");
        }
        return m.pixels();
    }

    /** {@return the numbers of a case by name; null if it has none} */
    @Nullable
    Map<String, Object> of(String id) {
        double[] values = byCase.get(id);
        if (values == null) {
            return null;
        }
        Map<String, Object> m = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            m.put(METRICS.get(i), Estimate.defined(values[i]));
        }
        return m;
    }

    /**
     * {@return a table for each role}
     *
     * @param scores
     *            where prompts are seen; null if that is not known
     */
    List<Group.Table> tables(Grouping grouping, Bootstrap bootstrap, @Nullable FilmScores scores) {
        Map<Group, List<EvaluatedCase>> byRole = new LinkedHashMap<>();
        grouping.groups().forEach((g, cases) -> {
            if (!g.role().equals(Grouping.BOTH)) {
                byRole.computeIfAbsent(new Group(g.role(), g.dose(), "", g.column(), g.value()),
                        k -> new ArrayList<>()).addAll(cases);
            }
        });
        List<Group.Table> all = new ArrayList<>();
        byRole.forEach((g, cases) -> {
            Sample s = new Sample(cases, bootstrap);
            for (int m = 0; m < METRICS.size(); m++) {
                int metric = m;
                s.addMean(METRICS.get(m), s.each(i -> {
                    double[] values = byCase.get(cases.get(i).id());
                    return values == null ? Double.NaN : values[metric];
                }));
            }
            s.addMean("image_text_score", s.each(i -> cases.get(i).finished().imageText().orElse(Double.NaN)));
            s.addMean("edit_score", s.each(i -> cases.get(i).finished().edit().orElse(Double.NaN)));
            if (scores != null) {
                s.addMean("similarity_inside", s.each(i -> scores.similarity(cases.get(i).id())[0]));
                s.addMean("similarity_outside", s.each(i -> scores.similarity(cases.get(i).id())[1]));
            }
            all.add(new Group.Table(g, s.size(), s.patients(), s.estimates()));
        });
        return all;
    }
}
