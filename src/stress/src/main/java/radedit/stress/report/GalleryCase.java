package radedit.stress.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.stress.FinishedCase;

/**
 * A case of the gallery.
 *
 * @param finished
 *            the case
 * @param numbers
 *            its numbers, as in results.json
 * @param flipped
 *            for each classifier, whether a decision that the case is about changed
 * @param changes
 *            for each classifier, the largest change of a score that the case is about; from 0 to 1
 * @param dice
 *            the smallest Dice coefficient of a segmenter's masks before and after; 1 if there is none
 */
record GalleryCase(FinishedCase finished, JsonNode numbers, List<Boolean> flipped, List<Double> changes, double dice) {
    /** Flips first, then by how much scores, masks and at last pictures changed. */
    private static final Comparator<GalleryCase> INTEREST = Comparator
            .comparing((GalleryCase c) -> !c.flipped.contains(true)).thenComparingDouble(c -> -c.largestChange())
            .thenComparingDouble(GalleryCase::dice)
            .thenComparingDouble(c -> -c.numbers.path("image").path("mean_change_inside").asDouble());

    /** {@return all evaluated cases, the most interesting first} */
    static List<GalleryCase> of(Results results, List<FinishedCase> cases) {
        Map<String, FinishedCase> byId = new HashMap<>();
        cases.forEach(c -> byId.put(c.plan().id(), c));
        List<String> classifiers = names(results.classifiers());
        List<String> segmenters = names(results.segmenters());
        List<GalleryCase> all = new ArrayList<>();
        for (JsonNode n : results.cases()) {
            FinishedCase finished = byId.get(n.path("case_id").asText());
            if (finished != null && finished.files() != null) {
                all.add(of(finished, n, classifiers, segmenters));
            }
        }
        all.sort(INTEREST);
        return all;
    }

    private static List<String> names(List<JsonNode> models) {
        return models.stream().map(m -> m.path("name").asText()).toList();
    }

    private static GalleryCase of(FinishedCase finished, JsonNode n, List<String> classifiers,
            List<String> segmenters) {
        String target = n.path("target").asText();
        List<Boolean> flipped = new ArrayList<>();
        List<Double> changes = new ArrayList<>();
        for (String model : classifiers) {
            boolean flip = false;
            double change = 0;
            for (Map.Entry<String, JsonNode> c : n.path("models").path(model).properties()) {
                if (target.isEmpty() || target.equals(c.getKey())) {
                    flip |= c.getValue().path("flipped").asBoolean();
                    change = Math.max(change, Math
                            .abs(c.getValue().path("after").asDouble() - c.getValue().path("before").asDouble()));
                }
            }
            flipped.add(flip);
            changes.add(change);
        }
        double dice = 1;
        for (String model : segmenters) {
            for (JsonNode structure : n.path("models").path(model)) {
                dice = Math.min(dice, structure.path(structure.has("dice") ? "dice" : "dice_after").asDouble(1));
            }
        }
        return new GalleryCase(finished, n, flipped, changes, dice);
    }

    double largestChange() {
        return changes.stream().mapToDouble(c -> c).max().orElse(0);
    }

    String id() {
        return finished.plan().id();
    }

    String role() {
        String role = numbers.path("role").asText();
        return role.isEmpty() ? "edit" : role;
    }
}
