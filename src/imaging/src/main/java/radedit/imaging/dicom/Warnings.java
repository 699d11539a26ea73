package radedit.imaging.dicom;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import radedit.message.Message;

/** Collects what is unusual about a file and how it was interpreted: each thing once, and a limited number. */
final class Warnings {
    private static final int MOST = 12;

    private final Set<Message> all = new LinkedHashSet<>();

    /** Adds a sentence that does not name the file. */
    void add(String sentence) {
        add(Message.of(sentence));
    }

    /** Adds a sentence that names a setting. */
    void add(Message sentence) {
        if (all.size() < MOST) {
            all.add(sentence);
        }
    }

    List<Message> list() {
        return List.copyOf(all);
    }
}
