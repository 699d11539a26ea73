package radedit.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers its first failure, of which a print stream only keeps a flag. */
final class Stdout extends FilterOutputStream {
    /** The name that users write for stdout. */
    static final Path NAME = Path.of("-");

    /** Ends work whose results cannot be delivered; {@link Main} reports the reason. */
    static final class BrokenException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private @Nullable IOException failure;

    Stdout(OutputStream out) {
        super(out);
    }

    static boolean isMeant(Path output) {
        return NAME.equals(output);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw remembered(e);
        }
    }

    private IOException remembered(IOException e) {
        failure = failure == null ? e : failure;
        return e;
    }

    /** The first failure; null for none. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Whether the reader has gone, for instance head. */
    static boolean isClosed(IOException e) {
        return e.getMessage() != null && e.getMessage().contains("Broken pipe");
    }
}
