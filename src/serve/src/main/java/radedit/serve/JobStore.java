package radedit.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.files.OutputFolder;

/** Jobs on this server, each in a folder of its own with its inputs and results. */
final class JobStore {
    private final Path root;
    private final int most;
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();

    /** Puts the inputs of a job into its folder. */
    @FunctionalInterface
    interface Inputs {
        void putTo(Path folder) throws IOException;
    }

    /**
     * @param most
     *            jobs that are kept
     * @param warning
     *            receives what is wrong with jobs that cannot be read any more
     */
    JobStore(Path root, int most, Consumer<String> warning) throws IOException {
        this.root = root;
        this.most = most;
        DataFolder.load(root, Job::load, warning).forEach(j -> jobs.put(j.id(), j));
    }

    /** All jobs, newest first. */
    List<Job> all() {
        return jobs.values().stream().sorted(Comparator.comparing(Job::created).reversed().thenComparing(Job::id))
                .toList();
    }

    /**
     * A job.
     *
     * @throws HttpError
     *             404 if there is none
     */
    Job get(String id) {
        Job job = jobs.get(id);
        if (job == null) {
            throw HttpError.gone("job");
        }
        return job;
    }

    /**
     * Adds a job, which waits.
     *
     * @throws HttpError
     *             if there are too many
     */
    Job add(Job.Kind kind, ObjectNode request, String command, ObjectNode internal, Inputs inputs)
            throws IOException {
        if (jobs.size() >= most) {
            throw new HttpError(507, "this server keeps at most " + most + " jobs; delete some");
        }
        Path folder = root.resolve(Ids.random());
        Job job = Job.create(folder, kind, request, command, internal);
        try (OutputFolder making = OutputFolder.begin(folder)) {
            inputs.putTo(making.path());
            job.saveTo(making.path());
            making.commit();
        }
        jobs.put(job.id(), job);
        return job;
    }

    /**
     * Deletes a job and its results.
     *
     * @throws HttpError
     *             409 if it has not ended
     */
    void delete(String id) throws IOException {
        Job job = get(id);
        if (!job.state().isFinal()) {
            throw new HttpError(409, "the job has not ended; cancel it first");
        }
        if (jobs.remove(id) != null) {
            FilmStore.remove(job.folder());
        }
    }
}
