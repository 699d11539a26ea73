package radedit.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds the words of a text that a text encoder does not know: those that are no whole words of its vocabulary and reach it
 * as pieces or as [UNK]. Numbers, punctuation and single letters are never meant.
 *
 * <p>
 * Reports have such words too, so a text is worth a warning only where it has far more of them. On radiology reports the
 * vocabulary of CXR-BERT gives 1.59 % more tokens than words, that of PubMedBERT 11 %, that of ClinicalBERT, made for general
 * English, 38 % (Boecking et al., arXiv:2204.09817; model card of microsoft/BiomedVLP-CXR-BERT-specialized). The limit is
 * 10 %, six times what is usual, for vocabularies of the published ones' size: a misspelt word that becomes three pieces
 * exceeds it in texts of up to 19 words. A much smaller vocabulary, as synthetic models have, splits ordinary words of
 * reports; there the limit is 100 %, an assumption. [UNK] is always worth a warning. So is every unknown word where the model
 * says which words it has learnt.
 */
public final class UnknownWords {
    /**
     * A word that is not known.
     *
     * @param word
     *            as it was written
     * @param start
     *            index in the text
     * @param end
     *            index behind it
     * @param near
     *            known words that were perhaps meant, the nearest first; at most three
     */
    public record Unknown(String word, int start, int end, List<String> near) {}

    private static final int PUBLISHED_SIZE = 20_000;
    private static final double LIMIT = 0.1;
    private static final double SMALL_VOCABULARYS_LIMIT = 1;

    private final WordPiece tokenizer;
    /** What the model has learnt; null where it does not say. */
    private final @Nullable Set<String> learnt;
    private final double limit;
    private final Spelling spelling;

    /** For a model of which only the vocabulary is known. */
    public UnknownWords(WordPiece tokenizer) {
        this(tokenizer, null, tokenizer.wholeWords(Spelling.SHORTEST),
                tokenizer.vocabularySize() < PUBLISHED_SIZE ? SMALL_VOCABULARYS_LIMIT : LIMIT);
    }

    /**
     * For a model that has learnt some words of its vocabulary, or words made of its pieces, and no others.
     *
     * @param learnt
     *            all of them, in lower case
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

    /** The unknown words of a text, in order, if they are worth a warning; else none. */
    public List<Unknown> in(String text) {
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

    /** Whether something can be meant by it. */
    private static boolean isWord(WordPiece.Word w) {
        if (w.text().startsWith("[") && !w.unknown()) {
            return false; // a special token
        }
        int letters = 0;
        boolean digits = false;
        for (int c : w.text().codePoints().toArray()) {
            if (Character.isIdeographic(c) || c > 0xFF && Character.isExtendedPictographic(c)) {
                return true; // one character that is a word or the picture of a thing
            }
            letters += Character.isLetter(c) ? 1 : 0;
            digits |= Character.isDigit(c);
        }
        return letters > 1 && (!digits || w.unknown());
    }

    /** One entry for what is written without a gap, as Chinese is. */
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
                    next == i + 1 ? spelling.near(words.get(i).text()) : List.of()));
            i = next;
        }
        return all;
    }

    /**
     * The text with the nearest known word in place of each unknown one.
     *
     * @return empty if there are no unknown words, or one of them has none near
     */
    public static Optional<String> corrected(String text, List<Unknown> unknown) {
        if (unknown.isEmpty() || unknown.stream().anyMatch(u -> u.near().isEmpty())) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (Unknown u : unknown) {
            out.append(text, at, u.start()).append(inCaseOf(u.word(), u.near().getFirst()));
            at = u.end();
        }
        return Optional.of(out.append(text.substring(at)).toString());
    }

    /** The known word in capitals, or with one, as the written word is. */
    private static String inCaseOf(String written, String known) {
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

    /** The words as they were written, each once. */
    public static List<String> words(List<Unknown> unknown) {
        Set<String> seen = new HashSet<>();
        return unknown.stream().map(Unknown::word).filter(seen::add).toList();
    }
}
