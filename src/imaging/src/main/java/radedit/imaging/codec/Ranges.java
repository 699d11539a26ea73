package radedit.imaging.codec;

import java.util.stream.IntStream;

/** Splits independent work over the processors of the machine. */
final class Ranges {
    /** Work on the numbers from {@code from} up to but not {@code to}. */
    @FunctionalInterface
    interface Task {
        void run(int from, int to);
    }

    private Ranges() {
    }

    /**
     * Runs a task on all numbers below {@code count}, in parts of {@code part} numbers; a single part runs on the calling
     * thread. Which thread does what must not matter to the result.
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
