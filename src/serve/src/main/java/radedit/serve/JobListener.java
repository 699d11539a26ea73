package radedit.serve;

import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.imaging.Picture;
import radedit.message.Message;
import radedit.pipeline.Listener;
import radedit.pipeline.Preview;

/** Passes on to a job's readers what the library says of one of its results. */
final class JobListener implements Listener {
    private static final long BETWEEN_PREVIEWS_NS = 80_000_000;
    private static final long BETWEEN_UNSEEN_PREVIEWS_NS = 500_000_000;

    private final Job job;
    private final int result;
    private final UnaryOperator<String> withoutPaths;
    private final boolean previews;
    private String phase = "";
    private long started;
    private int startedAt;
    private long lastPreview;

    /**
     * @param result
     *            number of the first result, from 1
     * @param withoutPaths
     *            takes paths of this server out of a text
     * @param previews
     *            whether they are wanted
     */
    JobListener(Job job, int result, UnaryOperator<String> withoutPaths, boolean previews) {
        this.job = job;
        this.result = result;
        this.withoutPaths = withoutPaths;
        this.previews = previews;
        this.lastPreview = System.nanoTime() - BETWEEN_UNSEEN_PREVIEWS_NS;
    }

    @Override
    public void warning(String message) {
        job.warn(withoutPaths.apply(message));
    }

    @Override
    public void warning(Message message) {
        warning(Words.of(message));
    }

    @Override
    public void progress(String name, int done, int total) {
        if (!name.equals(phase)) {
            phase = name;
            started = System.nanoTime();
            startedAt = done;
        }
        int fresh = done - startedAt;
        Double left = fresh > 0 ? (System.nanoTime() - started) / 1e9 / fresh * (total - done) : null;
        job.progress(name, done, total, left);
    }

    @Override
    public boolean wantsPreviews() {
        return previews; // whoever looks later sees the last one
    }

    @Override
    public void preview(Preview preview) {
        long now = System.nanoTime();
        long pause = job.events().hasReaders() ? BETWEEN_PREVIEWS_NS : BETWEEN_UNSEEN_PREVIEWS_NS;
        if (now - lastPreview < pause && preview.done() < preview.total()) {
            return;
        }
        lastPreview = now;
        Picture p = preview.picture();
        ObjectNode o = Json.object().put("index", result + preview.index()).put("done", preview.done())
                .put("total", preview.total()).put("width", p.width()).put("height", p.height());
        job.preview(o, Pngs.of(p));
    }
}
