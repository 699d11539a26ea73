package radedit.exec;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads for data-parallel loops. The caller works too, so a team of one has no threads of its
 * own.
 *
 * <p>
 * Tasks are taken one by one from a shared counter, which balances uneven tasks and a busy machine. Which thread
 * runs a task is not deterministic, so results must not depend on it.
 */
public final class Workers implements AutoCloseable {
    /** The body of a parallel loop. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs one task.
         *
         * @param task
         *            index of the task
         * @param worker
         *            index of the team's member that runs it, to select its scratch memory; 0 is the caller
         */
        void run(int task, int worker);
    }

    /** Iterations for which a waiting thread spins before it parks; a few microseconds. */
    private static final int SPINS = 2000;

    private static final class Job {
        final Body body;
        final @Nullable Cancellation cancellation;
        final int tasks;
        final AtomicInteger next = new AtomicInteger();
        final AtomicInteger done = new AtomicInteger();
        final Thread caller = Thread.currentThread();
        volatile @Nullable Throwable failure;

        Job(Body body, int tasks, @Nullable Cancellation cancellation) {
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
    private volatile @Nullable Job job;
    /** Stops the loops of the running program; null for none. */
    private @Nullable Cancellation cancellation;
    private volatile boolean closed;

    /**
     * Starts the threads.
     *
     * @param size
     *            members of the team, including the caller; at least 1
     */
    public Workers(int size) {
        threads = new Thread[size - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = Thread.ofPlatform().daemon().name("radedit-worker-" + worker).start(() -> serve(worker));
        }
    }

    /** {@return the members of the team, including the caller} */
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
     * Runs work whose loops stop when it is cancelled.
     *
     * @param token
     *            stops the loops; null for none
     * @param work
     *            the work
     * @throws CancelledException
     *             if it was cancelled
     */
    public void runCancellable(@Nullable Cancellation token, Runnable work) {
        cancellation = token;
        try {
            check(token);
            work.run();
        } finally {
            cancellation = null;
        }
    }

    private static void check(@Nullable Cancellation token) {
        if (token != null) {
            token.check();
        }
    }

    /**
     * Runs a loop in parallel and returns when all its tasks are done. An exception of a task is thrown to the
     * caller; tasks that have not begun are then skipped.
     *
     * @param tasks
     *            number of tasks
     * @param body
     *            runs a task
     * @throws CancelledException
     *             if it was cancelled
     */
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

    /** Stops the threads. */
    @Override
    public void close() {
        closed = true;
        for (Thread t : threads) {
            LockSupport.unpark(t);
        }
    }
}
