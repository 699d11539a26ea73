package radedit.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds the known words that a misspelt word may stand for. */
public final class Spelling {
    /** Shortest word considered; shorter ones have too many neighbours. */
    static final int MIN_LENGTH = 3;
    /** Longest word considered. */
    private static final int MAX_LENGTH = 100;
    private static final int MAX_SUGGESTIONS = 3;
    /** Length from which on a word may have two errors. */
    private static final int TWO_ERRORS_LENGTH = 7;

    private record Known(String word, int[] points, int rank) {}

    private record Near(Known known, int distance, boolean sameStart) {}

    /**
     * Nearest first; equally near ones with the same first letter first, then the longer, then those earlier in the
     * list.
     */
    private static final Comparator<Near> ORDER = Comparator.comparingInt(Near::distance)
            .thenComparing(Near::sameStart, Comparator.reverseOrder())
            .thenComparingInt(n -> -n.known.points.length).thenComparingInt(n -> n.known.rank);

    private final Map<Integer, List<Known>> byLength = new HashMap<>();

    /**
     * Takes the known words.
     *
     * @param words
     *            known words, the most frequent first
     */
    public Spelling(Iterable<String> words) {
        Set<String> all = new LinkedHashSet<>();
        words.forEach(all::add);
        for (String w : all) {
            int[] points = points(w);
            if (points.length >= MIN_LENGTH) {
                List<Known> same = byLength.computeIfAbsent(points.length, k -> new ArrayList<>());
                same.add(new Known(w, points, same.size()));
            }
        }
    }

    /**
     * {@return the known words within one error of a word, or two if it has seven letters or more; at most {@value
     * #MAX_SUGGESTIONS}, the nearest first}
     *
     * @param word
     *            the word, in any case
     */
    public List<String> nearest(String word) {
        int[] points = points(word);
        if (points.length < MIN_LENGTH || points.length > MAX_LENGTH) {
            return List.of();
        }
        int most = points.length < TWO_ERRORS_LENGTH ? 1 : 2;
        List<Near> found = new ArrayList<>();
        for (int length = points.length - most; length <= points.length + most; length++) {
            for (Known k : byLength.getOrDefault(length, List.of())) {
                int d = EditDistance.of(points, k.points, most);
                if (d <= most) {
                    found.add(new Near(k, d, points[0] == k.points[0]));
                }
            }
        }
        return found.stream().sorted(ORDER).limit(MAX_SUGGESTIONS).map(n -> n.known.word).toList();
    }

    private static int[] points(String word) {
        return word.toLowerCase(Locale.ROOT).codePoints().toArray();
    }
}
