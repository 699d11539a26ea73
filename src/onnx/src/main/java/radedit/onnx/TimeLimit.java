package radedit.onnx;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;

/** Ends a run that takes too long. To be closed before the run's options. */
final class TimeLimit implements AutoCloseable {
    private final RunOptions run;
    private final ScheduledFuture<?> alarm;
    private boolean exceeded;
    private boolean closed;

    TimeLimit(RunOptions run, Duration limit, ScheduledExecutorService watch) {
        this.run = run;
        this.alarm = watch.schedule(this::stop, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void stop() {
        if (!closed) {
            exceeded = true;
            try {
                run.setTerminate(true);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    synchronized boolean isExceeded() {
        return exceeded;
    }

    @Override
    public synchronized void close() {
        closed = true;
        alarm.cancel(false);
    }
}
