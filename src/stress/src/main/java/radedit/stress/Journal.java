package radedit.stress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * What has become of the cases: a line of JSON for each, appended when it is finished and synced to the disk. Of several lines
 * about a case, the last one counts. A line that a killed process left unfinished is cut off before the next is appended.
 */
final class Journal implements AutoCloseable {
    private static final String CASE = "case_id";

    private final Path file;
    private final FileChannel channel;
    private final Consumer<String> warning;
    private final Map<String, JsonNode> entries = new HashMap<>();
    /** Where the next line to read begins. */
    private long read;
    private int line;

    /** Opens a journal to append to, which need not exist. */
    Journal(Path file, Consumer<String> warning) throws IOException {
        this(file, warning, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    private Journal(Path file, Consumer<String> warning, FileChannel channel) {
        this.file = file;
        this.warning = warning;
        this.channel = channel;
    }

    /** {@return a journal that is read only} */
    static Journal readOnly(Path file, Consumer<String> warning) throws IOException {
        return new Journal(file, warning, FileChannel.open(file, StandardOpenOption.READ));
    }

    /** {@return what is known of a case; null if nothing is} */
    @Nullable
    JsonNode entry(String id) {
        return entries.get(id);
    }

    /** Forgets a case whose files are gone or damaged, so that it is done again. */
    void forget(String id) {
        entries.remove(id);
    }

    /** Reads what this process and others have appended since the last time. */
    void refresh() throws IOException {
        byte[] bytes = bytes(read, channel.size());
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line++;
                add(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                from = i + 1;
            }
        }
        read += from;
    }

    private void add(String text) {
        try {
            JsonNode entry = JsonLines.parse(text);
            if (entry.path(CASE).isTextual()) {
                entries.put(entry.path(CASE).asText(), entry);
                return;
            }
        } catch (JsonProcessingException e) {
            // said below
        }
        warning.accept(file + ": line " + line + " is damaged; what it was about is done again");
    }

    private byte[] bytes(long from, long to) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(to - from));
        while (all.hasRemaining() && channel.read(all, from + all.position()) >= 0) {
            // goes on
        }
        return java.util.Arrays.copyOf(all.array(), all.position());
    }

    /** Appends an entry; call while no other process does. */
    void append(Map<String, Object> entry) throws IOException {
        long end = end();
        ByteBuffer bytes = ByteBuffer.wrap(JsonLines.line(entry).getBytes(StandardCharsets.UTF_8));
        long at = end;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        channel.force(true);
        refresh();
    }

    /** {@return the end of the last whole line; what follows it is cut off} */
    private long end() throws IOException {
        long size = channel.size();
        byte[] tail = bytes(read, size);
        int whole = tail.length;
        while (whole > 0 && tail[whole - 1] != '\n') {
            whole--;
        }
        if (whole < tail.length) {
            warning.accept(file + ": the last line is unfinished, as after a crash; what it was about is done again");
            channel.truncate(read + whole);
        }
        return read + whole;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
