package radedit.tools.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

import radedit.tools.hub.HubException.Kind;

/**
 * A response body, read with a timeout. Failures are reported as {@link HubException}, so that they are not mistaken for
 * failures of the disk that the bytes are written to.
 */
final class TimeoutStream implements AutoCloseable {
    private final InputStream in;
    private final String host;
    private final Duration readTimeout;

    /**
     * @param in
     *            throws SocketTimeoutException if a read exceeds the timeout
     * @param readTimeout
     *            for messages
     */
    TimeoutStream(InputStream in, String host, Duration readTimeout) {
        this.in = in;
        this.host = host;
        this.readTimeout = readTimeout;
    }

    /**
     * Reads as {@link InputStream#read(byte[])} does.
     *
     * @throws HubException
     *             if the connection breaks or the read times out
     */
    int read(byte[] buffer) throws HubException {
        try {
            return in.read(buffer);
        } catch (SocketTimeoutException e) {
            throw new HubException(Kind.PASSING, host + " has sent nothing for " + readTimeout.toSeconds() + " s", e);
        } catch (IOException e) {
            throw new HubException(Kind.PASSING, "the connection to " + host + " broke (" + HubRequests.reason(e) + ")",
                    e);
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
