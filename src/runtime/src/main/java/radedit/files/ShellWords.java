package radedit.files;

import java.util.List;

/** Command lines as they are typed into a POSIX shell. */
public final class ShellWords {
    private ShellWords() {
    }

    /** The words with blanks between them, quoted where a shell would take them for something else. */
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
