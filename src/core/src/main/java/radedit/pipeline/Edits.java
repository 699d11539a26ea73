package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import radedit.exec.BackendException;

/** Serves requests to edit: together those of one size, as many as memory allows. */
final class Edits {
    /** What requests to edit have in common with others. */
    interface Surroundings extends EditTask.Completion {
        /** Called before a request is looked at. */
        void begin(Listener listener);

        /** Called when requests are prepared, before the networks run for long. */
        void prepared();
    }

    private final Networks networks;
    private final FilmCache cache;
    private final MemoryCheck memory;
    private final Judges judges;
    private final Surroundings surroundings;

    Edits(Networks networks, FilmCache cache, MemoryCheck memory, Judges judges, Surroundings surroundings) {
        this.networks = networks;
        this.cache = cache;
        this.memory = memory;
        this.judges = judges;
        this.surroundings = surroundings;
    }

    /**
     * Serves requests.
     *
     * @param listeners
     *            one for each request
     * @param ready
     *            receives the outcome of each request by its index, as soon as it is known
     */
    void serve(List<EditRequest> requests, List<Listener> listeners, BiConsumer<Integer, EditOutcome> ready) {
        Map<Object, List<EditTask>> groups = new LinkedHashMap<>();
        for (int k = 0; k < requests.size(); k++) {
            EditTask task;
            try {
                task = task(k, requests.get(k), listeners.get(k));
            } catch (RuntimeException e) {
                ready.accept(k, new EditOutcome(null, e));
                continue;
            }
            // A probe is for one request, and would see the values of others.
            Object group = task.request.probes.isEmpty() ? task.job.side() : task;
            groups.computeIfAbsent(group, g -> new ArrayList<>()).add(task);
        }
        groups.values().forEach(g -> serve(g, ready));
    }

    private EditTask task(int index, EditRequest r, Listener listener) {
        surroundings.begin(listener);
        return new EditTask(index, r, listener,
                EditJob.of(r, networks.forRequest(r.cancellation, r.probes), cache, listener));
    }

    /** Serves requests of one size. */
    private void serve(List<EditTask> tasks, BiConsumer<Integer, EditOutcome> ready) {
        int side = tasks.getFirst().job.side();
        List<MemoryCheck.Demand> demands = tasks.stream().map(t -> t.job.demand()).toList();
        int from = 0;
        while (from < tasks.size()) {
            // A trace has the values of one edit after those of another.
            boolean alone = networks.trace.isOn();
            int n = alone ? 1 : memory.together(side, demands.subList(from, tasks.size()));
            List<EditTask> these = tasks.subList(from, from + n);
            if (from + n < tasks.size() && !alone) {
                these.getFirst().listener.note("memory is short: of " + (tasks.size() - from) + " edits, " + n
                        + (n == 1 ? " is" : " are") + " sampled at a time");
            }
            MemoryCheck.Demand demand = MemoryCheck.Demand.together(demands.subList(from, from + n));
            from += n;
            int batch;
            try {
                batch = memory.require(side, demand, these.stream().map(t -> t.listener).toList());
            } catch (BackendException e) {
                these.forEach(t -> ready.accept(t.index, new EditOutcome(null, e)));
                continue;
            }
            new EditBatch(these, batch, demand.latents().applyAsInt(batch), surroundings, ready)
                    .run(judges::judge, surroundings::prepared);
        }
    }
}
