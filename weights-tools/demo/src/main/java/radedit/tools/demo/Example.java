package radedit.tools.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import radedit.files.ShellWords;

/** A command line to show on a page, built word by word. */
final class Example {
    private final List<String> words = new ArrayList<>(List.of("radedit"));

    Example(String... command) {
        words.addAll(List.of(command));
    }

    /** Appends words. */
    Example with(Object... more) {
        for (Object word : more) {
            words.add(word instanceof Path p ? p.toString().replace('\\', '/') : word.toString());
        }
        return this;
    }

    List<String> words() {
        return List.copyOf(words);
    }

    /** The command line, quoted for a POSIX shell. */
    @Override
    public String toString() {
        return ShellWords.joined(words);
    }
}
