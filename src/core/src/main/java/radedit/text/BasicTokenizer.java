package radedit.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * BERT's basic tokenizer: cleaning, lower-casing without accents, splitting at spaces, punctuation and CJK characters.
 * Each word carries its position in the text.
 */
final class BasicTokenizer {
    /**
     * A word, a punctuation mark or a CJK character.
     *
     * @param word
     *            cleaned, as it is looked up in the vocabulary
     * @param start
     *            index of its first char in the text
     * @param end
     *            index after its last char
     */
    record Span(String word, int start, int end) {}

    private final boolean lowerCase;
    private final List<Span> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int wordStart;
    private int wordEnd;
    /**
     * A character with the combining marks that follow it, the largest unit within which normalisation reorders
     * characters.
     */
    private final StringBuilder cluster = new StringBuilder();
    private int clusterStart;
    private int clusterEnd;

    private BasicTokenizer(boolean lowerCase) {
        this.lowerCase = lowerCase;
    }

    /**
     * {@return the words of a text, in order}
     *
     * @param text
     *            the text
     * @param lowerCase
     *            whether case and accents are dropped
     */
    static List<Span> split(String text, boolean lowerCase) {
        BasicTokenizer t = new BasicTokenizer(lowerCase);
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            t.take(c, i, next);
            i = next;
        }
        t.endCluster();
        t.endWord();
        return t.words;
    }

    private void take(int c, int start, int end) {
        if (c == 0 || c == 0xFFFD || isControl(c)) {
            return;
        }
        if (cluster.isEmpty() || !isMark(c)) {
            endCluster();
            clusterStart = start;
        }
        clusterEnd = end;
        if (isChinese(c)) {
            endWord();
            cluster.appendCodePoint(c);
            endCluster();
            endWord();
        } else {
            cluster.appendCodePoint(isSpace(c) ? ' ' : c);
        }
    }

    private void endCluster() {
        if (cluster.isEmpty()) {
            return;
        }
        if (lowerCase) {
            Normalizer.normalize(cluster, Normalizer.Form.NFD).codePoints()
                    .filter(c -> Unicode8.type(c) != Character.NON_SPACING_MARK)
                    .forEach(c -> append(Character.toLowerCase(c)));
        } else {
            cluster.codePoints().forEach(this::append);
        }
        cluster.setLength(0);
    }

    private void append(int c) {
        if (isSpace(c)) {
            endWord();
            return;
        }
        if (isPunctuation(c)) {
            endWord();
        }
        if (word.isEmpty()) {
            wordStart = clusterStart;
        }
        word.appendCodePoint(c);
        wordEnd = clusterEnd;
        if (isPunctuation(c)) {
            endWord();
        }
    }

    private void endWord() {
        if (!word.isEmpty()) {
            words.add(new Span(word.toString(), wordStart, wordEnd));
            word.setLength(0);
        }
    }

    /** {@return whether normalisation may reorder a character; all such characters are marks} */
    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static boolean isSpace(int c) {
        return c >= 9 && c <= 13 || c == 0x85 || Character.isSpaceChar(c);
    }

    private static boolean isControl(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
        int type = Unicode8.type(c);
        return type == Character.CONTROL || type == Character.FORMAT || type == Character.PRIVATE_USE
                || type == Character.SURROGATE;
    }

    private static boolean isPunctuation(int c) {
        if (c < 128) {
            return c > 32 && c < 127 && !Character.isLetterOrDigit(c);
        }
        return switch (Unicode8.type(c)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                    true;
            default -> false;
        };
    }

    /** {@return whether BERT makes a word of this character: CJK ideographs, without kana and Hangul} */
    private static boolean isChinese(int c) {
        return c >= 0x4E00 && c <= 0x9FFF || c >= 0x3400 && c <= 0x4DBF || c >= 0x20000 && c <= 0x2A6DF
                || c >= 0x2A700 && c <= 0x2B73F || c >= 0x2B740 && c <= 0x2B81F || c >= 0x2B920 && c <= 0x2CEAF
                || c >= 0xF900 && c <= 0xFAFF || c >= 0x2F800 && c <= 0x2FA1F;
    }
}
