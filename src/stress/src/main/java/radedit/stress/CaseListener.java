package radedit.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import radedit.message.Message;
import radedit.pipeline.Listener;

/** Passes warnings about a case on with its name, and counts its evaluations. */
final class CaseListener implements Listener {
    private final StressCase c;
    private final Listener listener;
    private final Map<String, Integer> known;
    private final List<String> heard = new ArrayList<>();
    private long computed;
    private long shared;

    /**
     * @param listener
     *            receives each warning once, for the first case that it is about
     * @param known
     *            how many cases each warning of the run is about, which is updated
     */
    CaseListener(StressCase c, Listener listener, Map<String, Integer> known) {
        this.c = c;
        this.listener = listener;
        this.known = known;
    }

    @Override
    public void warning(String message) {
        warning(Message.of(message));
    }

    @Override
    public void warning(Message message) {
        heard.add(message.toString());
        if (known.merge(message.toString(), 1, Integer::sum) == 1) {
            listener.warning(Message.of("case " + c.id() + ": ", message));
        }
    }

    @Override
    public void note(String message) {
        listener.note(message);
    }

    @Override
    public void evaluations(long made, long spared) {
        computed += made;
        shared += spared;
    }

    /** {@return the warnings, in order} */
    List<String> warnings() {
        return heard;
    }

    /** {@return evaluations of the UNet that were made} */
    long computed() {
        return computed;
    }

    /** {@return evaluations that earlier edits of the film had made} */
    long shared() {
        return shared;
    }
}
