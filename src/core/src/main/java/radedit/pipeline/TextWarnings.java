package radedit.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import radedit.files.Messages;
import radedit.text.UnknownWords;
import radedit.text.UnknownWords.Unknown;

/** Warns, once for each text, of words that the text encoder does not know. */
final class TextWarnings {
    private static final int MAX_NAMED = 5;
    private static final int MAX_WORD_LENGTH = 40;
    private static final int MAX_TEXT_LENGTH = 120;

    private final UnknownWords unknown;
    private final Map<String, List<Unknown>> found = new ConcurrentHashMap<>();
    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    TextWarnings(UnknownWords unknown) {
        this.unknown = unknown;
    }

    /** Warns of a text that is passed to the text encoder, unless it was checked before. */
    void check(String text, Listener listener) {
        if (!checked.add(text)) {
            return;
        }
        if (text.indexOf('\uFFFD') >= 0) {
            listener.warning(
                    "'" + truncated(text, MAX_TEXT_LENGTH) + "' has characters that are not UTF-8; they are ignored");
        }
        List<Unknown> words = find(text);
        if (!words.isEmpty()) {
            listener.warning(message(text, words));
        }
    }

    /** Records the unknown words of texts in the settings of a result, if there are any. */
    void record(Map<String, Object> settings, List<String> texts) {
        Set<String> all = new LinkedHashSet<>();
        texts.forEach(t -> all.addAll(UnknownWords.words(find(t))));
        if (!all.isEmpty()) {
            settings.put("unknown_words", List.copyOf(all));
        }
    }

    private List<Unknown> find(String text) {
        return found.computeIfAbsent(text, unknown::find);
    }

    private static String message(String text, List<Unknown> words) {
        Optional<String> corrected = words.size() <= MAX_NAMED
                ? UnknownWords.corrected(text, words).filter(c -> c.length() <= MAX_TEXT_LENGTH)
                : Optional.empty();
        List<String> named = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Unknown u : words) {
            if (seen.add(u.word()) && named.size() < MAX_NAMED) {
                named.add("'" + truncated(u.word(), MAX_WORD_LENGTH) + "'"
                        + (corrected.isPresent() || u.suggestions().isEmpty()
                                ? ""
                                : " (" + alternatives(u.suggestions()) + "?)"));
            }
        }
        String list = String.join(", ", named)
                + (seen.size() > named.size() ? " and " + (seen.size() - named.size()) + " more" : "");
        return "the text encoder does not know " + list + ", so the result may show something else; "
                + corrected.map(c -> "did you mean '" + Messages.printable(c) + "'?")
                        .orElse("try other words of English radiology reports");
    }

    private static String alternatives(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.getFirst() : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    private static String truncated(String s, int most) {
        boolean fits = s.codePointCount(0, s.length()) <= most;
        return Messages.printable(fits ? s : s.substring(0, s.offsetByCodePoints(0, most)) + "...");
    }
}
