package radedit.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds the words of a text that a text encoder does not know: those that are not whole words of its vocabulary and
 * reach it as pieces or as [UNK]. Numbers, punctuation and single letters are ignored.
 *
 * <p>
 * Reports contain such words too, so a text is worth a warning only if it has far more of them. On radiology reports
 * the vocabulary of CXR-BERT gives 1.59 % more tokens than words, that of PubMedBERT 11 %, that of ClinicalBERT, made
 * for general English, 38 % (Boecking et al., arXiv:2204.09817; model card of
 * microsoft/BiomedVLP-CXR-BERT-specialized). The limit is 10 %, six times the usual rate, for vocabularies as large as
 * the published ones: a misspelt word that becomes three pieces exceeds it in texts of up to 19 words. A much smaller
 * vocabulary, as synthetic models have, splits ordinary words of reports; there the limit is 100 %, an assumption.
 * [UNK] is always worth a warning, and so is every unknown word if the model lists the words that it has learnt.
 */
public final class UnknownWords {
    /**
     * A word that is not known.
     *
     * @param word
     *            the word as written
     * @param start
     *            index of its first char in the text
     * @param end
     *            index after its last char
     * @param suggestions
     *            known words that may have been meant, the nearest first; at most three
     */
    public record Unknown(String word, int start, int end, List<String> suggestions) {}

    private static final int PUBLISHED_SIZE = 20_000;
    private static final double LIMIT = 0.1;
    private static final double SMALL_VOCABULARY_LIMIT = 1;

    private final WordPiece tokenizer;
    /** The words that the model has learnt; null where it does not list them. */
    private final @Nullable Set<String> learnt;
    private final double limit;
    private final Spelling spelling;

    /**
     * Creates a finder for a model that does not list the words it has learnt.
     *
     * @param tokenizer
     *            the model's tokenizer
     */
    public UnknownWords(WordPiece tokenizer) {
        this(tokenizer, null, tokenizer.wholeWords(Spelling.MIN_LENGTH),
                tokenizer.vocabularySize() < PUBLISHED_SIZE ? SMALL_VOCABULARY_LIMIT : LIMIT);
    }

    /**
     * Creates a finder for a model that lists the words it has learnt, which are words of its vocabulary or made of its
     * pieces.
     *
     * @param tokenizer
     *            the model's tokenizer
     * @param learnt
     *            all words that it has learnt, in lower case
     */
    public UnknownWords(WordPiece tokenizer, Set<String> learnt) {
        this(tokenizer, Set.copyOf(learnt), learnt.stream().sorted().toList(), 0);
    }

    private UnknownWords(WordPiece tokenizer, @Nullable Set<String> learnt, List<String> known, double limit) {
        this.tokenizer = tokenizer;
        this.learnt = learnt;
        this.limit = limit;
        this.spelling = new Spelling(known);
    }

    /**
     * {@return the unknown words of a text, in order, if they are worth a warning; else none}
     *
     * @param text
     *            the text
     */
    public List<Unknown> find(String text) {
        List<WordPiece.Word> unknown = new ArrayList<>();
        int words = 0;
        int more = 0;
        boolean any = false;
        for (WordPiece.Word w : tokenizer.words(text)) {
            if (!isWord(w)) {
                continue;
            }
            words++;
            boolean known = learnt == null ? w.ids().size() == 1 : learnt.contains(w.text().toLowerCase(Locale.ROOT));
            if (w.unknown() || !known) {
                unknown.add(w);
                more += w.ids().size() - 1;
                any |= w.unknown() || learnt != null;
            }
        }
        return any || more > limit * words ? joined(text, unknown) : List.of();
    }

    /** {@return whether a token stands for a word rather than a number, a sign or a special token} */
    private static boolean isWord(WordPiece.Word w) {
        if (w.text().startsWith("[") && !w.unknown()) {
            return false; // a special token
        }
        int letters = 0;
        boolean digits = false;
        for (int c : w.text().codePoints().toArray()) {
            if (Character.isIdeographic(c) || c > 0xFF && Character.isExtendedPictographic(c)) {
                return true; // an ideograph or pictograph is a word by itself
            }
            letters += Character.isLetter(c) ? 1 : 0;
            digits |= Character.isDigit(c);
        }
        return letters > 1 && (!digits || w.unknown());
    }

    /** Joins unknown words that have no gap between them, as in Chinese, into one entry. */
    private List<Unknown> joined(String text, List<WordPiece.Word> words) {
        List<Unknown> all = new ArrayList<>();
        for (int i = 0; i < words.size();) {
            int next = i + 1;
            while (next < words.size() && words.get(next).start() == words.get(next - 1).end()) {
                next++;
            }
            int start = words.get(i).start();
            int end = words.get(next - 1).end();
            all.add(new Unknown(text.substring(start, end), start, end,
                    next == i + 1 ? spelling.nearest(words.get(i).text()) : List.of()));
            i = next;
        }
        return all;
    }

    /**
     * {@return the text with the nearest known word in place of each unknown one; empty if there are no unknown words,
     * or one of them has no known word near it}
     *
     * @param text
     *            the text
     * @param unknown
     *            its unknown words, in order, as {@link #find} finds them
     */
    public static Optional<String> corrected(String text, List<Unknown> unknown) {
        if (unknown.isEmpty() || unknown.stream().anyMatch(u -> u.suggestions().isEmpty())) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (Unknown u : unknown) {
            out.append(text, at, u.start()).append(withCaseOf(u.word(), u.suggestions().getFirst()));
            at = u.end();
        }
        return Optional.of(out.append(text.substring(at)).toString());
    }

    /** {@return the known word in upper case or capitalised if the written one is} */
    private static String withCaseOf(String written, String known) {
        if (written.equals(written.toUpperCase(Locale.ROOT))) {
            return known.toUpperCase(Locale.ROOT);
        }
        int first = written.codePointAt(0);
        if (Character.isUpperCase(first)) {
            int end = known.offsetByCodePoints(0, 1);
            return known.substring(0, end).toUpperCase(Locale.ROOT) + known.substring(end);
        }
        return known;
    }

    /**
     * {@return the words as written, without duplicates}
     *
     * @param unknown
     *            unknown words
     */
    public static List<String> words(List<Unknown> unknown) {
        Set<String> seen = new HashSet<>();
        return unknown.stream().map(Unknown::word).filter(seen::add).toList();
    }
}
