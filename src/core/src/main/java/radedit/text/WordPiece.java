package radedit.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * BERT's tokenizer (Devlin et al., arXiv:1810.04805): splits a text into words ({@link BasicTokenizer}), then each word
 * greedily, from left to right, into the longest pieces in the vocabulary.
 */
public final class WordPiece {
    /**
     * A word of a text and its tokens.
     *
     * @param text
     *            the word as it was looked up: cleaned, and without case and accents if the tokenizer drops them
     * @param start
     *            index of its first char in the text
     * @param end
     *            index after its last char
     * @param ids
     *            one id for a word of the vocabulary, else those of its pieces
     * @param unknown
     *            whether it cannot be built from pieces, so that it became [UNK]
     */
    public record Word(String text, int start, int end, List<Integer> ids, boolean unknown) {}

    /** Number of ids in an encoding; the published pipeline pads and truncates to it. */
    public static final int LENGTH = 128;
    private static final int MAX_WORD = 100;
    private static final long MAX_BYTES = 64 << 20;
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    private final Map<String, Integer> vocabulary;
    private final boolean lowerCase;
    private final int pad;
    private final int unknown;
    private final int first;
    private final int last;

    /**
     * Creates a tokenizer.
     *
     * @param tokens
     *            the vocabulary; a token's index is its id
     * @param lowerCase
     *            whether case and accents are dropped
     * @throws IllegalArgumentException
     *             if a token occurs twice, or a special token is missing
     */
    public WordPiece(List<String> tokens, boolean lowerCase) {
        this.vocabulary = new HashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (vocabulary.put(tokens.get(i), i) != null) {
                throw new IllegalArgumentException("vocabulary has '" + tokens.get(i) + "' twice");
            }
        }
        for (String s : SPECIAL) {
            if (!vocabulary.containsKey(s)) {
                throw new IllegalArgumentException("vocabulary has no " + s);
            }
        }
        this.lowerCase = lowerCase;
        this.pad = Objects.requireNonNull(vocabulary.get("[PAD]"));
        this.unknown = Objects.requireNonNull(vocabulary.get("[UNK]"));
        this.first = Objects.requireNonNull(vocabulary.get("[CLS]"));
        this.last = Objects.requireNonNull(vocabulary.get("[SEP]"));
    }

    /**
     * {@return the tokens of a vocabulary file, by id}
     *
     * @param file
     *            UTF-8 text, one token per line; at most 64 MiB
     * @throws IOException
     *             if the file cannot be read, is too large, or is not UTF-8
     */
    public static List<String> readVocabulary(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": is not a vocabulary file");
        }
        List<String> tokens;
        try {
            tokens = new ArrayList<>(Arrays.asList(Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)));
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is not UTF-8 text", e);
        }
        if (tokens.getLast().isEmpty()) {
            tokens.removeLast();
        }
        tokens.replaceAll(t -> t.endsWith("\r") ? t.substring(0, t.length() - 1) : t);
        if (!tokens.isEmpty() && tokens.getFirst().startsWith("\uFEFF")) { // the byte order mark that Windows editors write
            tokens.set(0, tokens.getFirst().substring(1));
        }
        return tokens;
    }

    /** {@return the number of tokens in the vocabulary} */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /**
     * {@return a text as {@value #LENGTH} ids, truncated at its end if it is longer}
     *
     * @param text
     *            the text
     */
    public Encoding encode(String text) {
        return encode(text, LENGTH);
    }

    /**
     * {@return whether a text spells out a special token other than [MASK], such as [SEP]}
     *
     * @param text
     *            the text
     */
    public static boolean containsSpecialToken(String text) {
        return SPECIAL.stream().anyMatch(s -> !s.equals("[MASK]") && text.contains(s));
    }

    /**
     * {@return a text as ids, truncated at its end if it is longer}
     *
     * @param text
     *            the text
     * @param length
     *            number of ids, at least 2
     */
    public Encoding encode(String text, int length) {
        List<Integer> tokens = new ArrayList<>();
        words(text).forEach(w -> tokens.addAll(w.ids()));
        int kept = Math.min(tokens.size(), length - 2);
        int[] ids = new int[length];
        Arrays.fill(ids, pad);
        ids[0] = first;
        for (int i = 0; i < kept; i++) {
            ids[i + 1] = tokens.get(i);
        }
        ids[kept + 1] = last;
        return new Encoding(ids, kept + 2, tokens.size() - kept);
    }

    /**
     * {@return the words of a text with their ids, in order: words, punctuation marks, CJK characters and special
     * tokens}
     *
     * @param text
     *            the text
     */
    public List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        // Special tokens are recognised as they stand, before anything is normalised.
        int at = 0;
        while (at < text.length()) {
            int next = text.length();
            String special = null;
            for (String s : SPECIAL) {
                int i = text.indexOf(s, at);
                if (i >= 0 && i < next) {
                    next = i;
                    special = s;
                }
            }
            for (BasicTokenizer.Span s : BasicTokenizer.split(text.substring(at, next), lowerCase)) {
                List<Integer> ids = pieces(s.word());
                words.add(new Word(s.word(), at + s.start(), at + s.end(), ids, ids.equals(List.of(unknown))));
            }
            at = next;
            if (special != null) {
                at += special.length();
                words.add(new Word(special, next, at, List.of(vocabulary.get(special)), false));
            }
        }
        return words;
    }

    /**
     * {@return the tokens that consist of letters alone, by id}
     *
     * @param characters
     *            least number of code points
     */
    public List<String> wholeWords(int characters) {
        return vocabulary.entrySet().stream()
                .filter(e -> e.getKey().codePoints().allMatch(Character::isLetter)
                        && e.getKey().codePointCount(0, e.getKey().length()) >= characters)
                .sorted(Map.Entry.comparingByValue()).map(Map.Entry::getKey).toList();
    }

    private List<Integer> pieces(String word) {
        int[] chars = word.codePoints().toArray();
        if (chars.length > MAX_WORD) {
            return List.of(unknown);
        }
        List<Integer> found = new ArrayList<>();
        int start = 0;
        while (start < chars.length) {
            Integer id = null;
            int end = chars.length;
            for (; end > start; end--) {
                String piece = new String(chars, start, end - start);
                id = vocabulary.get(start == 0 ? piece : "##" + piece);
                if (id != null) {
                    break;
                }
            }
            if (id == null) {
                return List.of(unknown);
            }
            found.add(id);
            start = end;
        }
        return found;
    }
}
