package radedit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Reports which pictures of a batch are missing if the program ends before all are written. */
final class BatchReport implements AutoCloseable {
    private final PrintWriter err;
    private final SortedSet<Integer> missing;
    private final int all;
    private final @Nullable IntFunction<Path> files;
    private final Thread atEnd = new Thread(() -> say(true));

    /**
     * @param numbers
     *            numbers of the pictures, from 1
     * @param files
     *            file of each picture; null if all share one
     */
    BatchReport(PrintWriter err, SortedSet<Integer> numbers, @Nullable IntFunction<Path> files) {
        this.err = err;
        this.missing = new TreeSet<>(numbers);
        this.all = numbers.size();
        this.files = files;
        Runtime.getRuntime().addShutdownHook(atEnd);
    }

    /** A picture is complete; it is written unless it shares a file with others. */
    synchronized void done(int number) {
        if (files != null) {
            missing.remove(number);
        }
    }

    /** All pictures are written. */
    synchronized void complete() {
        missing.clear();
    }

    private synchronized void say(boolean interrupted) {
        int written = all - missing.size();
        if (all == 1 && interrupted && !missing.isEmpty()) {
            err.println("radedit: interrupted; nothing is written");
            err.flush();
        }
        if (all < 2 || missing.isEmpty() || written == 0 && !interrupted) {
            return;
        }
        String way = missing.size() > 1 || files == null
                ? "--only " + ranges(missing)
                : "--only " + missing.first() + " -o " + files.apply(missing.first());
        err.println("radedit: " + (written == 0 ? "none" : written) + " of " + all + " pictures "
                + (written < 2 ? "is" : "are") + " written"
                + (written == 0 ? "" : "; the same command with " + way + " makes the rest"));
        err.flush();
        missing.clear();
    }

    /** Numbers in the fewest ranges: 1,4-6. */
    static String ranges(SortedSet<Integer> numbers) {
        List<String> ranges = new ArrayList<>();
        int from = numbers.first();
        int last = from;
        for (int k : numbers.tailSet(from + 1)) {
            if (k != last + 1) {
                ranges.add(range(from, last));
                from = k;
            }
            last = k;
        }
        ranges.add(range(from, last));
        return String.join(",", ranges);
    }

    private static String range(int from, int last) {
        return from == last ? Integer.toString(from) : from + "-" + last;
    }

    /** The work has ended, successfully or not. */
    @Override
    public void close() {
        say(false);
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            // The program is ending, and the shutdown hook reports.
        }
    }
}
