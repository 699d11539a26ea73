package radedit.exec.tornado;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * The one thread that calls TornadoVM. Command queues and CUDA contexts belong to the thread that creates them, and execution
 * plans are not thread-safe, so all work on devices runs here, one task at a time.
 */
final class DeviceThread {
    /** Stack size: TornadoVM's compiler recurses along expressions, which are long in unrolled loops. */
    private static final long STACK = 64L << 20;

    private static volatile Thread thread;
    private static final ExecutorService QUEUE = Executors.newSingleThreadExecutor(work -> {
        thread = Thread.ofPlatform().name("radedit-device").daemon().stackSize(STACK).unstarted(work);
        return thread;
    });

    private DeviceThread() {
    }

    /**
     * Runs work on this thread and waits for its result; runs it at once if called from this thread. An interrupt does not end
     * the wait.
     */
    static <T> T call(Supplier<T> work) {
        if (Thread.currentThread() == thread) {
            return work.get();
        }
        Future<T> result = QUEUE.submit(work::get);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs work without a result. */
    static void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }
}
