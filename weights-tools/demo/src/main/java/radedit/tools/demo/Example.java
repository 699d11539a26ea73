package radedit.tools.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import radedit.files.ShellWords;

/** A command line that a page shows, made word by word. */
final class Example {
    private final List<String> words = new ArrayList<>(List.of("radedit"));

    Example(String... command) {
        words.addAll(List.of(command));
    }

    /** With some words more. */
    Example with(Object... more) {
        for (Object word : more) {
            words.add(word instanceof Path p ? p.toString().replace('\\', '/') : word.toString());
        }
        return this;
    }

    List<String> words() {
        return List.copyOf(words);
    }

    /** As it is typed into a POSIX shell. */
    @Override
    public String toString() {
        return ShellWords.joined(words);
    }
}
