package radedit.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Standard output: remembers the first failure, which a print stream only hints at. */
final class Stdout extends FilterOutputStream {
    /** What users write in place of a file's name. */
    static final Path NAME = Path.of("-");

    /** Ends work whose results nobody can receive; {@link Main} says why they cannot. */
    static final class BrokenException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private IOException failure;

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

    /** What went wrong first; null for nothing. */
    IOException failure() {
        return failure;
    }

    /** Whether nobody reads any more, as when the output goes to head. */
    static boolean isClosed(IOException e) {
        return e != null && e.getMessage() != null && e.getMessage().contains("Broken pipe");
    }
}
