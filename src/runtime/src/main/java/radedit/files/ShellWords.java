package radedit.files;

import java.util.List;

/** Formats command lines for a POSIX shell. */
public final class ShellWords {
    private ShellWords() {
    }

    /**
     * {@return the words separated by spaces, quoted where a shell would interpret them}
     *
     * @param words
     *            the program and its arguments
     */
    public static String joined(List<String> words) {
        return String.join(" ", words.stream().map(ShellWords::quoted).toList());
    }

    private static String quoted(String word) {
        if (word.matches("[\\w@%+=:,./-]+")) {
            return word;
        }
        return word.matches("[^\"$`\\\\!]*") ? '"' + word + '"' : "'" + word.replace("'", "'\\''") + "'";
    }
}
