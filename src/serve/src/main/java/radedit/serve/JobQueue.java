package radedit.serve;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import radedit.exec.CancelledException;

/** The one queue for the device: jobs wait in the order in which they came, and one runs at a time. */
final class JobQueue implements AutoCloseable {
    /** Does the work of a job. */
    @FunctionalInterface
    interface Worker {
        void run(Job job) throws IOException;
    }

    private static final double FIRST_GUESS = 10;

    private final int most;
    private final Worker worker;
    private final Consumer<String> log;
    private final Thread thread;
    private final Deque<Job> waiting = new ArrayDeque<>();
    /** Jobs that are about to be added. */
    private int reserved;
    private @Nullable Job running;
    private boolean closing;
    private double usualSeconds = FIRST_GUESS;

    /**
     * @param most
     *            jobs that may wait
     * @param log
     *            receives failures that nobody expected, without anything of a patient
     */
    JobQueue(int most, Worker worker, Consumer<String> log) {
        this.most = most;
        this.worker = worker;
        this.log = log;
        this.thread = new Thread(this::work, "radedit-device");
    }

    /** Starts to work, on jobs of an earlier process first. */
    void start(List<Job> earlier) {
        synchronized (this) {
            waiting.addAll(earlier);
        }
        publish();
        thread.start();
    }

    /** Makes a job. */
    @FunctionalInterface
    interface Maker {
        Job make() throws IOException;
    }

    /**
     * Adds a job if there is room for it.
     *
     * @param call
     *            whose answer says when to try again if there is none
     * @throws HttpError
     *             429 if there is none
     */
    Job add(Call call, Maker maker) throws IOException {
        synchronized (this) {
            if (closing) {
                throw new HttpError(503, "the server is about to end");
            }
            if (waiting.size() + reserved >= most) {
                call.with("Retry-After", Long.toString(Math.max(1, Math.round(usualSeconds))));
                throw new HttpError(429, "the queue is full: " + most + " jobs wait; try again later");
            }
            reserved++;
        }
        Job job = null;
        try {
            job = maker.make();
            return job;
        } finally {
            synchronized (this) {
                reserved--;
                if (job != null) {
                    waiting.add(job);
                    notifyAll();
                }
            }
            publish();
        }
    }

    /** Cancels a job. */
    void cancel(Job job) throws IOException {
        job.cancel();
        synchronized (this) {
            waiting.remove(job);
        }
        publish();
    }

    /** Tells waiting jobs how many are before them. */
    private void publish() {
        List<Job> all;
        int before;
        synchronized (this) {
            all = new ArrayList<>(waiting);
            before = running == null ? 0 : 1;
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).moveTo(before + i);
        }
    }

    private void work() {
        while (true) {
            Job job;
            synchronized (this) {
                while (waiting.isEmpty() && !closing) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (closing) {
                    return;
                }
                job = waiting.removeFirst();
                running = job;
            }
            publish();
            long begun = System.nanoTime();
            run(job);
            synchronized (this) {
                running = null;
                usualSeconds = (usualSeconds + (System.nanoTime() - begun) / 1e9) / 2;
            }
        }
    }

    private void run(Job job) {
        try {
            if (!job.start()) {
                return;
            }
            try {
                worker.run(job);
                job.finish(Job.State.DONE, null);
            } catch (CancelledException e) {
                boolean ours;
                synchronized (this) {
                    ours = closing;
                }
                job.finish(ours ? Job.State.INTERRUPTED : Job.State.CANCELLED,
                        ours ? "the server ended while this job ran; post its request again" : null);
            } catch (HttpError e) {
                job.finish(Job.State.FAILED, e.getMessage());
            } catch (IOException | RuntimeException e) {
                boolean expected = Words.status(e) != 500;
                if (!expected) {
                    log.accept("job " + job.id() + " failed: " + e.getClass().getName());
                }
                job.finish(Job.State.FAILED, expected ? Words.of(e) : "the work failed inside the server");
            } catch (OutOfMemoryError e) {
                job.finish(Job.State.FAILED, "out of memory; a smaller size or count needs less");
            } catch (Error e) { // the queue must go on
                log.accept("job " + job.id() + " failed: " + e.getClass().getName());
                job.finish(Job.State.FAILED, "the work failed inside the server");
            }
        } catch (IOException e) {
            log.accept("job " + job.id() + ": its state cannot be written");
        }
    }

    /** Ends the running job and waits for it; waiting ones are for the next process. */
    @Override
    public void close() throws IOException {
        Job now;
        synchronized (this) {
            closing = true;
            now = running;
            notifyAll();
        }
        if (now != null) {
            now.cancel();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        synchronized (this) {
            waiting.forEach(j -> j.events().end());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
