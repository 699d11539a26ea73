package radedit.stress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Edits that tell the effect of a finding from the effect of editing. Each is derived from a row of the manifest and has its
 * film and the seed of the picture that was kept.
 *
 * @param sham
 *            the same mask with a prompt that asks for nothing new
 * @param nothing
 *            the same mask without guidance, so that no change is asked for
 * @param reverse
 *            the edited film edited back: the film's own text becomes the prompt
 * @param background
 *            the same prompt outside of the masks, which are kept
 * @param doses
 *            factors of the weights, other than 1
 * @param shamPrompt
 *            prompt of shams where a row has no {@code sham_prompt}; removals have their {@code original_text} instead
 */
public record Controls(boolean sham, boolean nothing, boolean reverse, boolean background, List<Double> doses,
        String shamPrompt) {
    /** A prompt that asks for nothing new. */
    public static final String SHAM_PROMPT = "No acute cardiopulmonary process";
    /** No controls. */
    public static final Controls NONE = new Controls(false, false, false, false, List.of(), SHAM_PROMPT);
    /** Column with a row's own prompt of its sham. */
    public static final String SHAM_COLUMN = "sham_prompt";

    /**
     * Reads a list such as {@code sham,null,reverse,background,dose=0.25,0.5,1}.
     *
     * @param text
     *            the list
     * @param shamPrompt
     *            prompt of shams
     * @return the controls
     * @throws IllegalArgumentException
     *             if a word is unknown or a dose is not a positive number
     */
    public static Controls of(String text, String shamPrompt) {
        boolean[] on = new boolean[4];
        List<String> words = List.of("sham", "null", "reverse", "background");
        TreeSet<Double> doses = new TreeSet<>();
        boolean counting = false;
        for (String part : text.split(",", -1)) {
            String word = part.strip().toLowerCase(Locale.ROOT);
            boolean first = word.startsWith("dose=");
            counting = first || counting && !words.contains(word);
            if (counting) {
                doses.add(dose(first ? word.substring("dose=".length()) : word));
            } else if (words.contains(word)) {
                on[words.indexOf(word)] = true;
            } else {
                throw new IllegalArgumentException("'" + part.strip()
                        + "' is not one of sham, null, reverse, background, dose=X,X");
            }
        }
        doses.remove(1.0);
        return new Controls(on[0], on[1], on[2], on[3], List.copyOf(doses), shamPrompt);
    }

    private static double dose(String text) {
        try {
            double dose = Double.parseDouble(text);
            if (dose > 0 && dose <= 100) {
                return dose;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("'" + text + "' is not a dose above 0 and at most 100");
    }

    /**
     * {@return the controls of a case, none of which has a required score}
     *
     * @param c
     *            a case of the manifest that is no control itself
     * @param problems
     *            receives what a row lacks for a control
     */
    List<StressCase> of(StressCase c, List<Problem> problems) {
        List<StressCase> all = new ArrayList<>();
        Values v = c.values().without("min_score", "tries");
        List<String> weights = v.all("weight");
        if (sham) {
            all.add(control(c, Role.SHAM, v.with("prompt", List.of(shamOf(c, v)))
                    .with("weight", weights.subList(0, Math.min(1, weights.size())))));
        }
        if (nothing) {
            all.add(control(c, Role.NULL, v.with("weight", v.all("prompt").stream().map(p -> "0").toList())));
        }
        if (reverse) {
            if (v.first("original_text") == null) {
                problems.add(new Problem(c.row(), "original_text",
                        "is needed for the control reverse, which edits the film back to it"));
            }
            all.add(control(c, Role.REVERSE, reversed(c.id(), v)));
        }
        if (background) {
            checkBackground(c, problems);
            all.add(control(c, Role.BACKGROUND, v.with("invert_edit_mask", List.of("true"))
                    .with("keep_mask", Values.joined(v.all("keep_mask"), v.all("edit_mask")))));
        }
        for (double dose : doses) {
            all.add(dosed(c, v, dose));
        }
        return all;
    }

    private static void checkBackground(StressCase c, List<Problem> problems) {
        if (c.values().all("edit_mask").stream().anyMatch("all"::equalsIgnoreCase)) {
            problems.add(new Problem(c.row(), "edit_mask",
                    "is all of the film, which leaves nothing for the control background"));
        }
        if (Set.of("true", "yes", "1").contains(c.values().first("invert_edit_mask", "").toLowerCase(Locale.ROOT))) {
            problems.add(new Problem(c.row(), "invert_edit_mask", "has no control background, whose mask is the"
                    + " inverted one; make its row with the role background instead"));
        }
    }

    /** What asks for nothing new: of a removal, what the film shows anyway. */
    private String shamOf(StressCase c, Values v) {
        String usual = c.role().equals(Role.REMOVE.word()) ? v.first("original_text", shamPrompt) : shamPrompt;
        return v.first(SHAM_COLUMN, usual);
    }

    private static StressCase control(StressCase c, Role role, Values values) {
        return new StressCase(c.id() + "." + role.word(), c.row(), c.id(),
                values.with(StressCase.ROLE, List.of(role.word()))
                        .with(StressCase.PATIENT_ID, List.of(c.patient())));
    }

    /** The edited film takes the place of the film, the masks in its square those of the masks, and texts swap. */
    private static Values reversed(String id, Values v) {
        Values swapped = v
                .without("loader", "frame", "window", "fit", "resample", "noise", "free_band", "grow_edit_mask",
                        "invert_edit_mask")
                .with("image", List.of(RunFolder.image(id))).with("edit_mask", List.of(RunFolder.editMask(id)))
                .with("prompt", v.all("original_text").stream().limit(1).toList())
                .with("weight", v.all("weight").stream().limit(1).toList())
                .with("original_text", v.all("prompt").stream().limit(1).toList());
        int number = 0;
        for (String column : TruthMasks.columns(v)) {
            number++;
            swapped = swapped.with(column, List.of(RunFolder.truthMask(id, number)));
        }
        return v.all("keep_mask").isEmpty() ? swapped : swapped.with("keep_mask", List.of(RunFolder.keepMask(id)));
    }

    private static StressCase dosed(StressCase c, Values v, double dose) {
        String[] weights = v.all("weight").toArray(String[]::new);
        if (weights.length == 0) {
            weights = new String[v.all("prompt").size()];
            Arrays.fill(weights, Double.toString(radedit.pipeline.EditRequest.DEFAULT_WEIGHT));
        }
        List<String> scaled = new ArrayList<>();
        for (String w : weights) {
            try {
                scaled.add(Double.toString(Double.parseDouble(w) * dose));
            } catch (NumberFormatException e) {
                scaled.add(w); // reported where the row itself is checked
            }
        }
        String word = dose == Math.rint(dose) ? Long.toString((long) dose) : Double.toString(dose);
        return new StressCase(c.id() + ".dose-" + word, c.row(), c.id(),
                v.with("weight", scaled).with(StressCase.DOSE, List.of(word)));
    }
}
