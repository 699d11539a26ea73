package radedit.serve;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder;
import radedit.pipeline.RunOptions;

/**
 * How a server runs.
 *
 * @param model
 *            the model
 * @param run
 *            how its networks run
 * @param address
 *            where to listen
 * @param port
 *            0 for any that is free
 * @param names
 *            names of this server in Host headers, besides those of the loopback interface and of the address
 * @param folder
 *            where films, masks and jobs are kept; made if it is not there
 * @param token
 *            what requests must know; null if nothing, which only suits a loopback address
 * @param limits
 *            how much strangers may ask for
 */
public record ServerOptions(ModelFolder model, RunOptions run, InetAddress address, int port, List<String> names,
        Path folder, @Nullable String token, Limits limits) {
    /**
     * Bounds, beyond which requests are refused.
     *
     * @param uploadBytes
     *            of a film, mask or picture
     * @param filmPixels
     *            of a frame
     * @param queue
     *            jobs that wait
     * @param films
     *            that are kept
     * @param jobs
     *            that are kept
     */
    public record Limits(long uploadBytes, long filmPixels, int queue, int films, int jobs) {
        /** 256 MiB, 64 million pixels, 100 jobs that wait, 10,000 films and jobs. */
        public static final Limits DEFAULT = new Limits(256L << 20, 1L << 26, 100, 10_000, 10_000);
    }

    /**
     * Copies the names.
     *
     * @throws IllegalArgumentException
     *             if the address is not a loopback address and there is no token
     */
    public ServerOptions {
        names = List.copyOf(names);
        if (token == null && !address.isLoopbackAddress()) {
            throw new IllegalArgumentException("an address that others reach needs a token");
        }
    }

    /** {@return a new token of 192 random bits, in letters that are safe in addresses} */
    public static String randomToken() {
        return Token.random();
    }
}
