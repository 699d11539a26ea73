package radedit.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Passes on what happens to a job, as server-sent events. Whoever reads too slowly misses progress and previews, never the
 * state of the job.
 */
final class JobEvents {
    private static final int MOST_WAITING = 64;
    private static final int SECONDS_OF_SILENCE = 15;
    /** Streams of all jobs, each of which holds a connection. */
    private static final Semaphore STREAMS = new Semaphore(256);

    private record Event(String name, String data) {
        boolean isLast() {
            return name.isEmpty();
        }

        boolean mayBeMissed() {
            return name.equals("progress") || name.equals("preview");
        }

        byte[] bytes() {
            return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    private final CopyOnWriteArraySet<BlockingQueue<Event>> readers = new CopyOnWriteArraySet<>();
    private volatile @Nullable Event preview;
    private volatile boolean ended;

    /** Whether anybody looks. */
    boolean hasReaders() {
        return !readers.isEmpty();
    }

    void job(JsonNode job) {
        send(new Event("job", Json.text(job)));
    }

    void progress(JsonNode progress) {
        send(new Event("progress", Json.text(progress)));
    }

    void preview(JsonNode latest) {
        Event e = new Event("preview", Json.text(latest));
        preview = e;
        send(e);
    }

    void warning(String text) {
        send(new Event("warning", Json.text(Json.object().put("warning", text))));
    }

    void end() {
        ended = true;
        preview = null;
        send(new Event("", ""));
    }

    private void send(Event e) {
        for (Queue<Event> r : readers) {
            if (e.mayBeMissed() && r.size() >= MOST_WAITING / 2) {
                continue;
            }
            while (!r.offer(e)) {
                r.poll();
            }
        }
    }

    /**
     * Writes events until the job ends or the reader leaves.
     *
     * @param job
     *            gives its state now
     */
    void stream(Call call, Supplier<JsonNode> job) throws IOException {
        if (!STREAMS.tryAcquire()) {
            call.with("Retry-After", "10");
            throw new HttpError(429, "too many streams of events are open; ask for the job's state instead");
        }
        BlockingQueue<Event> mine = new LinkedBlockingQueue<>(MOST_WAITING);
        try (OutputStream out = call.with("X-Accel-Buffering", "no").stream("text/event-stream")) {
            if (call.isHead()) {
                return;
            }
            readers.add(mine);
            // what happens from here on is in the queue; what happened before is in the state
            boolean over = ended;
            out.write(new Event("job", Json.text(job.get())).bytes());
            Event last = preview;
            if (last != null) {
                out.write(last.bytes());
            }
            out.flush();
            while (!over) {
                Event e = mine.poll(SECONDS_OF_SILENCE, TimeUnit.SECONDS);
                over = e != null && e.isLast();
                if (!over) {
                    // a comment keeps the connection and notices a reader who left
                    out.write(e == null ? ":\n\n".getBytes(StandardCharsets.US_ASCII) : e.bytes());
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            readers.remove(mine);
            STREAMS.release();
        }
    }
}
