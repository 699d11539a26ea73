package radedit.stress;

import java.util.LinkedHashMap;
import java.util.Map;

import radedit.imaging.Mask;

/** A case that is being made, alone or with others, and what the journal shall know of it. */
final class CaseInProgress {
    final StressCase c;
    final CaseListener listener;
    /** JSON values by name. */
    final Map<String, Object> entry = new LinkedHashMap<>();
    /** Reference masks of the film, by column. */
    final Map<String, Mask> truth = new LinkedHashMap<>();
    private long since = System.nanoTime();
    private long nanos;

    CaseInProgress(StressCase c, CaseListener listener) {
        this.c = c;
        this.listener = listener;
        entry.put("case_id", c.id());
    }

    void fail(String reason) {
        entry.put("status", CaseStatus.FAILED.word());
        entry.put("reason", reason);
    }

    /** Called when films and masks are read. */
    void prepared() {
        edited(1);
    }

    /**
     * Called when the film is edited and written.
     *
     * @param together
     *            how many cases had the time since then in common; each is said to have taken an equal share
     */
    void edited(int together) {
        long now = System.nanoTime();
        nanos += (now - since) / together;
        since = now;
    }

    /** {@return the whole entry} */
    Map<String, Object> finished() {
        if (!listener.warnings().isEmpty()) {
            entry.put("warnings", listener.warnings());
        }
        entry.put("evaluations", listener.computed());
        entry.put("evaluations_shared", listener.shared());
        entry.put("seconds", Math.round(nanos / 1e6) / 1e3);
        return entry;
    }
}
