package radedit.imaging.dicom;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import radedit.message.Message;

/** What was odd about a file and how it was taken: each thing once, and no more than a few of a file with many. */
final class Warnings {
    private static final int MOST = 12;

    private final Set<Message> all = new LinkedHashSet<>();

    /** Adds a sentence that does not name the file. */
    void add(String sentence) {
        add(Message.of(sentence));
    }

    /** The same for one that names a setting. */
    void add(Message sentence) {
        if (all.size() < MOST) {
            all.add(sentence);
        }
    }

    List<Message> list() {
        return List.copyOf(all);
    }
}
