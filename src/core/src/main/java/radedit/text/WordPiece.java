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
 * BERT's tokenizer (Devlin et al., arXiv:1810.04805): words as {@link BasicTokenizer} finds them, then the longest pieces of
 * the vocabulary from left to right.
 */
public final class WordPiece {
    /**
     * A word of a text and its tokens.
     *
     * @param text
     *            as it was looked up: cleaned, and without case and accents where the tokenizer drops them
     * @param start
     *            index in the text it comes from
     * @param end
     *            index behind it
     * @param ids
     *            one for a word of the vocabulary, else its pieces
     * @param unknown
     *            whether no pieces make it up, so that it became [UNK]
     */
    public record Word(String text, int start, int end, List<Integer> ids, boolean unknown) {}

    /** Ids in an encoding; the published pipeline pads and truncates to it. */
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
     * @param tokens
     *            the vocabulary, each token at its id
     * @param lowerCase
     *            whether case and accents are dropped
     * @throws IllegalArgumentException
     *             if a special token is missing
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

    /** Reads a vocabulary file with one token a line. */
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
        if (!tokens.isEmpty() && tokens.getFirst().startsWith("\uFEFF")) { // a mark that editors of Windows put there
            tokens.set(0, tokens.getFirst().substring(1));
        }
        return tokens;
    }

    public int vocabularySize() {
        return vocabulary.size();
    }

    /** Encodes a text; what does not fit {@value #LENGTH} ids is dropped from its end. */
    public Encoding encode(String text) {
        return encode(text, LENGTH);
    }

    /** Whether a text spells out a token with a meaning of its own, other than [MASK]. */
    public static boolean namesSpecialToken(String text) {
        return SPECIAL.stream().anyMatch(s -> !s.equals("[MASK]") && text.contains(s));
    }

    /**
     * Encodes a text.
     *
     * @param length
     *            ids in the encoding, at least 2; what does not fit is dropped from the text's end
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

    /** The words of a text with what each becomes: words, punctuation marks, CJK characters and special tokens, in order. */
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

    /** The tokens that are words of at least so many characters, all of them letters, in the order of their ids. */
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
