package radedit.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import radedit.exec.CancelledException;
import radedit.digest.Digests;
import radedit.files.OutputFile;
import radedit.pipeline.EditOutcome;
import radedit.pipeline.EditRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;

/**
 * Makes the pictures of a plan in a folder. Several processes may work on one folder: each case is made by one of them. A run
 * that was killed is continued by starting it again, and ends as if it had not been; what a case's picture looks like depends
 * on its row alone.
 *
 * <pre>
 * images/CASE.png        the edited film, as radedit edit -o CASE.png makes it
 * masks/CASE.edit.png    the masks in the model's square, also CASE.keep.png and CASE.truth-1.png
 * originals/HASH.png     films before the edit, in the model's square
 * journal.jsonl          a line for each finished case
 * results.csv            a row for each case, when all are finished
 * cases.jsonl            the plan
 * settings.json          the model, the program, hashes
 * </pre>
 */
public final class StressRun implements AutoCloseable {
    private static final int WAIT_MS = 200;

    /**
     * How to run.
     *
     * @param shard
     *            the part of the films to edit
     * @param retryFailed
     *            whether cases that failed are tried again
     * @param together
     *            how many cases are edited together, on which no result depends; 0 for as many as make good use of the
     *            backend
     */
    public record Options(Shard shard, boolean retryFailed, int together) {
        /**
         * Options with as many cases together as make good use of the backend.
         *
         * @param shard
         *            the part of the films to edit
         * @param retryFailed
         *            whether cases that failed are tried again
         */
        public Options(Shard shard, boolean retryFailed) {
            this(shard, retryFailed, 0);
        }
    }

    private final RunFolder folder;
    private final Plan plan;
    private final CaseEditor editor;
    private final Options options;
    private final Listener listener;
    private final CaseLocks locks;
    private final Journal journal;
    private final CaseWriter writer;
    private final Schedule schedule;
    private final Map<String, Integer> indices = new HashMap<>();
    private final Map<Path, String> hashes = new HashMap<>();
    private final Set<String> tried = new TreeSet<>();
    /** How many cases each warning is about; only the first is passed on. */
    private final Map<String, Integer> warnings = new LinkedHashMap<>();
    private long computed;
    private long shared;

    private StressRun(Path root, Plan plan, CaseEditor editor, Options options, Listener listener)
            throws IOException {
        this.folder = new RunFolder(root);
        this.plan = plan;
        this.editor = editor;
        this.options = options;
        this.listener = listener;
        this.schedule = Schedule.of(plan, options.shard);
        for (int i = 0; i < plan.cases().size(); i++) {
            indices.put(plan.cases().get(i).id(), i);
        }
        this.writer = new CaseWriter(folder);
        folder.make();
        this.locks = new CaseLocks(folder.lock());
        try {
            this.journal = new Journal(folder.file(RunFolder.JOURNAL), listener::warning);
        } catch (IOException e) {
            locks.close();
            throw e;
        }
    }

    /**
     * Begins or continues a run.
     *
     * @param root
     *            its folder: one that does not exist, is empty, or holds this run
     * @param plan
     *            the cases
     * @param editor
     *            makes their requests
     * @param model
     *            makes their pictures
     * @param options
     *            how to run
     * @param listener
     *            receives progress and warnings
     * @return the run, to be closed
     * @throws RunException
     *             if the folder holds something else, or the run in it was made of something else
     * @throws IOException
     *             if a file cannot be read or written
     */
    public static StressRun open(Path root, Plan plan, CaseEditor editor, RadEdit model, Options options,
            Listener listener) throws IOException {
        StressRun run = new StressRun(root, plan, editor, options, listener);
        try {
            run.begin(RunSettings.of(plan, editor, model));
            return run;
        } catch (IOException | RuntimeException e) {
            run.close();
            throw e;
        }
    }

    private void begin(RunSettings settings) throws IOException {
        locks.alone(() -> {
            if (folder.isRun()) {
                settings.requireSame(folder, plan);
            } else {
                OutputFile.write(folder.file(RunFolder.CASES), plan::writeTo);
                settings.write(folder);
            }
        });
        journal.refresh();
        for (StressCase c : plan.cases()) {
            JsonNode e = journal.entry(c.id());
            if (e != null && e.hasNonNull("image_sha256")) {
                requireWhole(c, e);
            }
        }
    }

    /** Checks that a finished case's picture is there, and that its inputs are what they were. */
    private void requireWhole(StressCase c, JsonNode e) throws IOException {
        String hash = hash(folder.file(RunFolder.image(c.id())));
        if (!e.path("image_sha256").asText().equals(hash)) {
            listener.warning(folder.file(RunFolder.image(c.id())) + ": "
                    + (hash == null ? "is gone" : "is not what was written") + "; case " + c.id() + " is done again");
            journal.forget(c.id());
            return;
        }
        if (c.isReverse()) {
            return; // its inputs are its base's results, which are checked likewise
        }
        for (JsonNode input : e.path("inputs")) {
            Path file = start(c).resolve(input.path("file").asText());
            String now = hashes.containsKey(file) ? hashes.get(file) : hash(file);
            if (now != null) {
                hashes.put(file, now);
                if (!input.path("sha256").asText().equals(now)) {
                    throw new RunException(file + ": is not what it was when case " + c.id()
                            + " was made; restore it, or choose another folder");
                }
            }
        }
    }

    private static @Nullable String hash(Path file) throws IOException {
        try {
            return Digests.hex("SHA-256", file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** {@return the folder that a case's relative names start from} */
    private Path start(StressCase c) {
        return c.isReverse() ? folder.root() : plan.folder();
    }

    /**
     * Makes all pictures that are missing, together with other processes on this folder, and writes results.csv once all are
     * there.
     *
     * @param model
     *            makes the pictures
     * @return what the run has come to
     * @throws IOException
     *             if a result cannot be written; what is finished is kept
     */
    public Summary run(RadEdit model) throws IOException {
        report();
        int together = options.together > 0 ? options.together : model.editsTogether();
        while (true) {
            List<Integer> held = schedule.take(together, this::isPending, this::isBlocked, locks);
            if (held.isEmpty()) {
                journal.refresh();
                if (schedule.cases().stream().noneMatch(this::isPending)) {
                    break;
                }
                CaseLocks.pause(WAIT_MS); // others are at work on what is left
                continue;
            }
            try {
                journal.refresh();
                make(held.stream().filter(this::isPending).map(plan.cases()::get).toList(), model);
            } finally {
                for (int i : held) {
                    locks.releaseCase(i);
                }
            }
        }
        warnings.values().removeIf(n -> n == 1);
        if (!warnings.isEmpty()) {
            listener.note("warnings shown once are about several cases; " + folder.file(RunFolder.JOURNAL)
                    + " has them all");
        }
        locks.alone(() -> {
            ResultsTable.write(folder, plan, schedule.cases(), journal, RunSettings.ownColumns(folder));
            folder.sweep();
        });
        return summary();
    }

    /** {@return what the journal knows of each case, null if nothing, in the order of the plan} */
    Map<StressCase, @Nullable JsonNode> outcomes() throws IOException {
        journal.refresh();
        Map<StressCase, @Nullable JsonNode> all = new LinkedHashMap<>();
        for (int i : schedule.cases()) {
            StressCase c = plan.cases().get(i);
            all.put(c, journal.entry(c.id()));
        }
        return all;
    }

    private boolean isPending(int index) {
        StressCase c = plan.cases().get(index);
        JsonNode e = journal.entry(c.id());
        boolean again = options.retryFailed && e != null && isFailed(e) && !tried.contains(c.id());
        return e == null || again;
    }

    private static boolean isFailed(JsonNode e) {
        return e.path("status").asText().equals(CaseStatus.FAILED.word());
    }

    /** Whether a case waits for the one that it is a control of. */
    private boolean isBlocked(int index) {
        String base = plan.cases().get(index).base();
        return base != null && isPending(Objects.requireNonNull(indices.get(base)));
    }

    private void make(List<StressCase> cases, RadEdit model) throws IOException {
        List<CaseInProgress> all = new ArrayList<>();
        List<EditRequest> requests = new ArrayList<>();
        for (StressCase c : cases) {
            tried.add(c.id());
            CaseInProgress p = new CaseInProgress(c, new CaseListener(c, listener, warnings));
            EditRequest request = null;
            try {
                request = request(p);
            } catch (IOException | RuntimeException e) {
                p.fail(editor.reason(e));
            }
            p.prepared();
            if (request == null) {
                finish(p);
            } else {
                all.add(p);
                requests.add(request);
            }
        }
        try {
            model.editAll(requests, k -> all.get(k).listener, (k, outcome) -> finish(all.get(k), outcome, all.size()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private EditRequest request(CaseInProgress p) throws IOException {
        StressCase c = p.c;
        StressCase seeded = asItsBase(c);
        EditRequest request = editor.request(seeded, start(c), p.listener);
        p.truth.putAll(editor.truth(seeded, start(c), p.listener));
        p.entry.put("inputs", inputs(seeded));
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("case_id", c.id());
        about.put("role", c.role());
        if (c.base() != null) {
            about.put("base", c.base());
        }
        return request.note("stress_case", about);
    }

    private void finish(CaseInProgress p, EditOutcome outcome, int together) {
        RuntimeException failure = outcome.failure();
        if (failure instanceof CancelledException) {
            throw failure;
        }
        try {
            if (failure == null) {
                p.entry.putAll(writer.write(p.c, outcome.get(), p.truth));
            } else {
                p.fail(editor.reason(failure));
            }
            p.edited(together);
            finish(p);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a case's line. */
    private void finish(CaseInProgress p) throws IOException {
        computed += p.listener.computed();
        shared += p.listener.shared();
        Map<String, Object> entry = p.finished();
        locks.alone(() -> {
            journal.append(entry);
        });
        report();
    }

    /** A control has the seed of the picture that was kept of its base. */
    private StressCase asItsBase(StressCase c) {
        if (c.base() == null) {
            return c;
        }
        JsonNode base = journal.entry(c.base());
        if (base == null || isFailed(base)) {
            throw new RunException("the case " + c.base() + ", which it is a control of, failed");
        }
        return new StressCase(c.id(), c.row(), c.base(), c.values().with("seed", List.of(base.path("seed").asText())));
    }

    private List<Map<String, String>> inputs(StressCase c) throws IOException {
        List<Map<String, String>> all = new ArrayList<>();
        Path start = start(c);
        for (Path file : editor.files(c, start)) {
            String sha256 = hash(file);
            if (sha256 != null) {
                String name = file.startsWith(start) ? start.relativize(file).toString() : file.toString();
                Map<String, String> input = new LinkedHashMap<>();
                input.put("file", name);
                input.put("sha256", sha256);
                all.add(input);
            }
        }
        return all;
    }

    private void report() {
        Summary s = summary();
        listener.progress("cases", s.cases() - s.pending(), s.cases());
    }

    private Summary summary() {
        return count(plan, schedule.cases(), journal, computed, shared);
    }

    /** {@return what became of cases} */
    static Summary count(Plan plan, Set<Integer> cases, Journal journal, long computed, long shared) {
        int done = 0;
        int rejected = 0;
        int failed = 0;
        for (int i : cases) {
            JsonNode e = journal.entry(plan.cases().get(i).id());
            String status = e == null ? "" : e.path("status").asText();
            done += status.equals(CaseStatus.DONE.word()) ? 1 : 0;
            rejected += status.equals(CaseStatus.REJECTED.word()) ? 1 : 0;
            failed += status.equals(CaseStatus.FAILED.word()) ? 1 : 0;
        }
        return new Summary(cases.size(), done, rejected, failed, computed, shared);
    }

    @Override
    public void close() throws IOException {
        journal.close();
        locks.close();
    }
}
