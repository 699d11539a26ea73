package radedit.tools.hub;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records warnings and the last progress, and checks that progress is consistent. */
final class Heard implements FetchListener {
    final List<String> warnings = new CopyOnWriteArrayList<>();
    volatile long lastDone;
    volatile long lastTotal;

    @Override
    public void warning(String message) {
        warnings.add(message);
    }

    @Override
    public void progress(String what, long done, long total) {
        if (done < 0 || total >= 0 && done > total) {
            throw new AssertionError(what + " " + done + " of " + total);
        }
        lastDone = done;
        lastTotal = total;
    }
}
