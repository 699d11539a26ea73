package radedit.exec;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads for data-parallel loops. The caller works too, so a team of one has no threads of its own.
 *
 * <p>
 * Tasks are handed out one by one from a counter, so uneven tasks and a busy machine balance themselves. Which thread
 * runs a task is open; results must not depend on it, and nothing here lets them.
 */
public final class Workers implements AutoCloseable {
    /** The body of a parallel loop. */
    @FunctionalInterface
    public interface Body {
        /**
         * @param task
         *            index of the task
         * @param worker
         *            which member of the team runs it, for scratch memory
         */
        void run(int task, int worker);
    }

    /** How often a waiting thread looks before it goes to sleep; a few microseconds. */
    private static final int SPINS = 2000;

    private static final class Job {
        final Body body;
        final Cancellation cancellation;
        final int tasks;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final Thread caller = Thread.currentThread();
        volatile Throwable failure;

        Job(Body body, int tasks, Cancellation cancellation) {
            this.body = body;
            this.cancellation = cancellation;
            this.tasks = tasks;
        }

        void work(int worker) {
            int mine = 0;
            for (int t; (t = next.getAndIncrement()) < tasks; mine++) {
                if (failure == null) {
                    try {
                        check(cancellation);
                        body.run(t, worker);
                    } catch (RuntimeException | Error e) {
                        failure = e;
                    }
                }
            }
            if (mine > 0 && done.addAndGet(mine) == tasks) {
                LockSupport.unpark(caller);
            }
        }
    }

    private final Thread[] threads;
    private volatile Job job;
    /** What ends the loops of the program that runs; null for nothing. */
    private Cancellation cancellation;
    private volatile boolean closed;

    /**
     * @param size
     *            members of the team, the caller included
     */
    public Workers(int size) {
        threads = new Thread[size - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = Thread.ofPlatform().daemon().name("radedit-worker-" + worker).start(() -> serve(worker));
        }
    }

    /** Members of the team, the caller included. */
    public int size() {
        return threads.length + 1;
    }

    private void serve(int worker) {
        Job last = null;
        while (!closed) {
            Job current = job;
            for (int i = 0; current == last && i < SPINS; i++) {
                Thread.onSpinWait();
                current = job;
            }
            if (current == last) {
                LockSupport.park(this);
            } else if (current != null) {
                last = current;
                current.work(worker);
            } else {
                last = null;
            }
        }
    }

    /**
     * Does some work, the loops of which end when it is cancelled.
     *
     * @param token
     *            null for nothing
     * @throws CancelledException
     *             if it was cancelled
     */
    public void during(Cancellation token, Runnable work) {
        cancellation = token;
        try {
            check(token);
            work.run();
        } finally {
            cancellation = null;
        }
    }

    private static void check(Cancellation token) {
        if (token != null) {
            token.check();
        }
    }

    /** Runs {@code body} for every task from 0 to {@code tasks} - 1 and returns when all are done. */
    public void run(int tasks, Body body) {
        if (threads.length == 0 || tasks <= 1) {
            for (int t = 0; t < tasks; t++) {
                check(cancellation);
                body.run(t, 0);
            }
            return;
        }
        Job mine = new Job(body, tasks, cancellation);
        job = mine;
        for (int i = 0; i < Math.min(threads.length, tasks - 1); i++) {
            LockSupport.unpark(threads[i]);
        }
        mine.work(0);
        for (int i = 0; mine.done.get() < tasks; i++) {
            if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        switch (mine.failure) {
            case null -> {}
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        for (Thread t : threads) {
            LockSupport.unpark(t);
        }
    }
}
