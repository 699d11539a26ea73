package radedit.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BERT's tokenizer (Devlin et al., arXiv:1810.04805): cleaning, lower-casing without accents, splitting at spaces,
 * punctuation and CJK characters, then the longest pieces of the vocabulary from left to right.
 */
public final class WordPiece {
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
        this.pad = vocabulary.get("[PAD]");
        this.unknown = vocabulary.get("[UNK]");
        this.first = vocabulary.get("[CLS]");
        this.last = vocabulary.get("[SEP]");
    }

    /** Reads a vocabulary file with one token a line. */
    public static List<String> readVocabulary(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": is no file that could be a vocabulary");
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
            encodePlain(text.substring(at, next), tokens);
            if (special != null) {
                tokens.add(vocabulary.get(special));
                next += special.length();
            }
            at = next;
        }
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

    private void encodePlain(String text, List<Integer> tokens) {
        StringBuilder word = new StringBuilder();
        normalize(text).codePoints().forEach(c -> {
            if (isSpace(c)) {
                flush(word, tokens);
            } else if (isPunctuation(c)) {
                flush(word, tokens);
                flush(word.appendCodePoint(c), tokens);
            } else {
                word.appendCodePoint(c);
            }
        });
        flush(word, tokens);
    }

    /** Drops control characters, sets CJK characters apart, and drops accents and case. */
    private String normalize(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == 0 || c == 0xFFFD || isControl(c)) {
                return;
            }
            if (isChinese(c)) {
                clean.append(' ').appendCodePoint(c).append(' ');
            } else {
                clean.appendCodePoint(isSpace(c) ? ' ' : c);
            }
        });
        if (!lowerCase) {
            return clean.toString();
        }
        StringBuilder lower = new StringBuilder();
        Normalizer.normalize(clean, Normalizer.Form.NFD).codePoints()
                .filter(c -> UnicodeEight.type(c) != Character.NON_SPACING_MARK)
                .forEach(c -> lower.appendCodePoint(Character.toLowerCase(c)));
        return lower.toString();
    }

    private void flush(StringBuilder word, List<Integer> tokens) {
        if (!word.isEmpty()) {
            pieces(word.toString(), tokens);
            word.setLength(0);
        }
    }

    private void pieces(String word, List<Integer> tokens) {
        int[] chars = word.codePoints().toArray();
        if (chars.length > MAX_WORD) {
            tokens.add(unknown);
            return;
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
                tokens.add(unknown);
                return;
            }
            found.add(id);
            start = end;
        }
        tokens.addAll(found);
    }

    private static boolean isSpace(int c) {
        return c >= 9 && c <= 13 || c == 0x85 || Character.isSpaceChar(c);
    }

    private static boolean isControl(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
        int type = UnicodeEight.type(c);
        return type == Character.CONTROL || type == Character.FORMAT || type == Character.PRIVATE_USE
                || type == Character.SURROGATE;
    }

    private static boolean isPunctuation(int c) {
        if (c < 128) {
            return c > 32 && c < 127 && !Character.isLetterOrDigit(c);
        }
        return switch (UnicodeEight.type(c)) {
            case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                    true;
            default -> false;
        };
    }

    /** The blocks of CJK ideographs that BERT sets apart; kana and Hangul are not among them. */
    private static boolean isChinese(int c) {
        return c >= 0x4E00 && c <= 0x9FFF || c >= 0x3400 && c <= 0x4DBF || c >= 0x20000 && c <= 0x2A6DF
                || c >= 0x2A700 && c <= 0x2B73F || c >= 0x2B740 && c <= 0x2B81F || c >= 0x2B920 && c <= 0x2CEAF
                || c >= 0xF900 && c <= 0xFAFF || c >= 0x2F800 && c <= 0x2FA1F;
    }
}
