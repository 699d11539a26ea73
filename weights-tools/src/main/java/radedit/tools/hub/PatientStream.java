package radedit.tools.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import radedit.tools.hub.HubException.Kind;

/**
 * A body that is given up when nothing has come for a while; the HTTP client itself would wait for ever. Faults are
 * told as {@link HubException}, so that they are not taken for faults of the disk that the bytes go to.
 */
final class PatientStream implements AutoCloseable {
    private final InputStream in;
    private final String host;
    private final Duration patience;
    private final Thread watch;
    private volatile long asked;
    private volatile boolean reading;
    private volatile boolean silent;

    PatientStream(InputStream in, String host, Duration patience) {
        this.in = in;
        this.host = host;
        this.patience = patience;
        this.watch = Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            long left;
            // Only a read that waits counts, not the time that the reader takes for itself.
            while ((left = patience.toNanos() - (reading ? System.nanoTime() - asked : 0)) > 0) {
                Thread.sleep(Duration.ofNanos(left).plusMillis(1));
            }
            silent = true;
            in.close(); // wakes the reader
        } catch (InterruptedException e) {
            // the reader has finished
        } catch (IOException e) {
            // nothing left to close
        }
    }

    /**
     * Some of the bytes to come, or -1 after the last.
     *
     * @throws HubException
     *             if the connection is cut, or nothing comes
     */
    int read(byte[] buffer) throws HubException {
        asked = System.nanoTime();
        reading = true;
        try {
            int n = in.read(buffer);
            if (!silent) {
                return n;
            }
        } catch (IOException e) {
            if (!silent) {
                throw new HubException(Kind.PASSING, "the connection to " + host + " broke (" + Wire.reason(e) + ")", e);
            }
        } finally {
            reading = false;
        }
        throw new HubException(Kind.PASSING, host + " has sent nothing for " + patience.toSeconds() + " s");
    }

    @Override
    public void close() {
        watch.interrupt();
        try {
            in.close();
        } catch (IOException e) {
            // nothing left to close
        }
    }
}
