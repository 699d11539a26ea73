package radedit.tools.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

import radedit.tools.hub.HubException.Kind;

/**
 * A body that is given up when nothing has come for a while. Faults are told as {@link HubException}, so that they are not
 * taken for faults of the disk that the bytes go to.
 */
final class PatientStream implements AutoCloseable {
    private final InputStream in;
    private final String host;
    private final Duration patience;

    /**
     * @param in
     *            throws SocketTimeoutException when its patience is at an end
     * @param patience
     *            for messages
     */
    PatientStream(InputStream in, String host, Duration patience) {
        this.in = in;
        this.host = host;
        this.patience = patience;
    }

    /**
     * Some of the bytes to come, or -1 after the last.
     *
     * @throws HubException
     *             if the connection is cut, or nothing comes
     */
    int read(byte[] buffer) throws HubException {
        try {
            return in.read(buffer);
        } catch (SocketTimeoutException e) {
            throw new HubException(Kind.PASSING, host + " has sent nothing for " + patience.toSeconds() + " s", e);
        } catch (IOException e) {
            throw new HubException(Kind.PASSING, "the connection to " + host + " broke (" + Wire.reason(e) + ")", e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            // nothing left to close
        }
    }
}
