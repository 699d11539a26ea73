package radedit.imaging.codec;

import java.util.stream.IntStream;

/** Distributes independent work over the machine's processors. */
final class Ranges {
    /** Work on the indices {@code from} (inclusive) to {@code to} (exclusive). */
    @FunctionalInterface
    interface Task {
        void run(int from, int to);
    }

    private Ranges() {
    }

    /**
     * Runs a task on the indices 0 to {@code count} - 1, in parts of {@code part} indices; a single part runs on the
     * calling thread. The result must not depend on the distribution.
     */
    static void run(int count, int part, Task task) {
        int parts = (count + part - 1) / part;
        if (parts <= 1) {
            task.run(0, count);
        } else {
            IntStream.range(0, parts).parallel().forEach(i -> task.run(i * part, Math.min(count, (i + 1) * part)));
        }
    }
}
