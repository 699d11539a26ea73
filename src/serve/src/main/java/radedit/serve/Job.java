package radedit.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.exec.Cancellation;

/** Work for the device: what was asked for, how far it is, and what came of it. Its folder has all that outlives this process. */
final class Job {
    private static final String ABOUT = "job.json";

    /** What a job does. */
    enum Kind {
        EDIT, GENERATION, SCORE
    }

    /** How far a job is. */
    enum State {
        QUEUED, RUNNING, DONE, FAILED, CANCELLED, INTERRUPTED;

        boolean isFinal() {
            return this != QUEUED && this != RUNNING;
        }
    }

    private final String id;
    private final Kind kind;
    private final Path folder;
    /** What clients are told of it but for its position and progress. */
    private final ObjectNode json;
    private final JobEvents events = new JobEvents();
    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch end = new CountDownLatch(1);
    private State state;
    private @Nullable ObjectNode progress;
    /** The last preview as PNG; null before the first, and when the job is over. */
    private byte @Nullable [] preview;
    private int position;

    private Job(Path folder, ObjectNode json) {
        this.id = json.get("id").asText();
        this.kind = Kind.valueOf(json.get("kind").asText().toUpperCase(Locale.ROOT));
        this.state = State.valueOf(json.get("state").asText().toUpperCase(Locale.ROOT));
        this.folder = folder;
        this.json = json;
        if (state.isFinal()) {
            end.countDown();
        }
    }

    /**
     * A new job.
     *
     * @param folder
     *            named by its id
     * @param command
     *            the command line that does the same
     * @param internal
     *            what the server needs to know besides the request and does not tell
     */
    static Job create(Path folder, Kind kind, ObjectNode request, String command, ObjectNode internal) {
        ObjectNode o = Json.object();
        o.put("id", folder.getFileName().toString()).put("kind", word(kind)).put("state", word(State.QUEUED))
                .put("created", FilmStore.now()).putNull("started").putNull("finished");
        o.set("request", request);
        o.put("command", command).putArray("warnings");
        o.putNull("error").putArray("results");
        o.putArray("scores");
        o.putNull("edit_score").set("internal", internal);
        return new Job(folder, o);
    }

    /** A job of an earlier process; one that ran then was interrupted. */
    static Job load(Path folder) throws IOException {
        Job job = new Job(folder, Json.read(folder.resolve(ABOUT)));
        if (!job.id.equals(folder.getFileName().toString())) {
            throw new IOException(folder + ": is the folder of another job");
        }
        if (job.state == State.RUNNING) {
            DataFolder.removeParts(folder);
            Path results = folder.resolve("results");
            if (Files.isDirectory(results)) {
                DataFolder.removeParts(results);
            }
            job.interrupt();
        }
        return job;
    }

    private static String word(Enum<?> e) {
        return e.name().toLowerCase(Locale.ROOT);
    }

    String id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    Path folder() {
        return folder;
    }

    Path resultFolder(int number) {
        return folder.resolve("results").resolve(Integer.toString(number));
    }

    JobEvents events() {
        return events;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    JsonNode request() {
        return json.get("request");
    }

    /** What {@link #create} was given to keep. */
    JsonNode internal() {
        return json.get("internal");
    }

    String created() {
        return json.get("created").asText();
    }

    synchronized State state() {
        return state;
    }

    /** What clients are told. */
    synchronized ObjectNode json() {
        ObjectNode o = json.deepCopy();
        o.remove("internal");
        if (state == State.QUEUED) {
            o.put("position", position);
        } else {
            o.putNull("position");
        }
        o.set("progress", progress == null ? Json.object().nullNode() : progress.deepCopy());
        return o;
    }

    /** The results so far. */
    synchronized List<JsonNode> results() {
        List<JsonNode> all = new ArrayList<>();
        json.get("results").forEach(all::add);
        return all;
    }

    /** Writes what outlives this process. */
    synchronized void save() throws IOException {
        saveTo(folder);
    }

    /** Writes the same into a folder that is to become the job's. */
    synchronized void saveTo(Path making) throws IOException {
        FilmStore.write(making.resolve(ABOUT), Json.pretty(json));
    }

    synchronized void moveTo(int newPosition) {
        if (state == State.QUEUED && newPosition != position) {
            position = newPosition;
            events.job(json());
        }
    }

    /** Begins the work, unless the job was cancelled. */
    synchronized boolean start() throws IOException {
        if (state != State.QUEUED) {
            return false;
        }
        json.put("started", FilmStore.now());
        change(State.RUNNING, null);
        return true;
    }

    synchronized void progress(String phase, int done, int total, @Nullable Double secondsLeft) {
        ObjectNode p = Json.object().put("phase", phase).put("done", done).put("total", total);
        if (secondsLeft == null) {
            p.putNull("seconds_left");
        } else {
            p.put("seconds_left", Math.round(secondsLeft * 10) / 10.0);
        }
        progress = p;
        events.progress(p);
    }

    /**
     * Shows what a result is expected to become.
     *
     * @param about
     *            which result, and how far it is
     */
    void preview(ObjectNode about, byte[] png) {
        synchronized (this) {
            preview = png;
        }
        events.preview(about.put("png", "data:image/png;base64," + Base64.getEncoder().encodeToString(png)));
    }

    /** The last preview as PNG; null before the first, and when the job is over. */
    synchronized byte @Nullable [] preview() {
        return preview;
    }

    synchronized void warn(String text) {
        ArrayNode all = (ArrayNode) json.get("warnings");
        for (JsonNode w : all) {
            if (w.asText().equals(text)) {
                return;
            }
        }
        all.add(text);
        events.warning(text);
    }

    synchronized void add(ObjectNode result) throws IOException {
        ((ArrayNode) json.get("results")).add(result);
        save();
        events.job(json());
    }

    synchronized void scores(ArrayNode scores, @Nullable Double editScore) {
        json.set("scores", scores);
        if (editScore == null || editScore.isNaN()) {
            json.putNull("edit_score");
        } else {
            json.put("edit_score", editScore);
        }
    }

    /**
     * Ends the job.
     *
     * @param error
     *            what went wrong; null for nothing
     */
    synchronized void finish(State last, @Nullable String error) throws IOException {
        if (!state.isFinal()) {
            json.put("finished", FilmStore.now());
            change(last, error);
        }
    }

    private void interrupt() throws IOException {
        json.put("finished", FilmStore.now());
        change(State.INTERRUPTED, "the server ended while this job ran; post its request again");
    }

    private void change(State next, @Nullable String error) throws IOException {
        state = next;
        progress = null;
        preview = null;
        json.put("state", word(next));
        if (error != null) {
            json.put("error", error);
        }
        try {
            save();
        } finally {
            events.job(json());
            if (next.isFinal()) {
                events.end();
                end.countDown();
            }
        }
    }

    /** Cancels the job: at once if it waits, soon if it runs. */
    void cancel() throws IOException {
        synchronized (this) {
            if (state == State.QUEUED) {
                finish(State.CANCELLED, null);
            }
        }
        cancellation.cancel();
    }

    /** Waits for the end of the job. */
    void await() throws InterruptedException {
        end.await();
    }
}
