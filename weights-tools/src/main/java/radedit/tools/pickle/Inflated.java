package radedit.tools.pickle;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import radedit.files.Messages;
import radedit.safetensors.FormatException;

/**
 * Inflates deflated entries of an archive: small ones into memory, others into a mapped temporary file that is already
 * unlinked. The announced sizes are limited to what weights can have.
 */
final class Inflated {
    /**
     * A compressed entry.
     *
     * @param bytes
     *            compressed content
     * @param size
     *            announced size of the content
     */
    record Deflated(String name, MemorySegment bytes, long size) {}

    /** Largest total expansion; deflate reduces zeros to a thousandth, but weights to hardly less than nine tenths. */
    private static final int MAX_RATIO = 100;
    private static final long ALWAYS = 2 << 20;
    private static final long MAX_IN_MEMORY = 64 << 20;
    /** Alignment of entries, as in archives of torch.save. */
    private static final int ALIGNMENT = 64;
    private static final long MAX_BUFFER = 1 << 30;

    private Inflated() {
    }

    /**
     * Inflates entries.
     *
     * @param fileSize
     *            size of the archive
     * @param arena
     *            arena of the contents
     * @return contents by name
     * @throws FormatException
     *            if an entry is damaged, or the contents would be far larger than weights
     */
    static Map<String, MemorySegment> expand(Path path, long fileSize, List<Deflated> entries, Arena arena)
            throws IOException {
        Map<String, MemorySegment> contents = new LinkedHashMap<>();
        if (entries.isEmpty()) {
            return contents;
        }
        long total = 0;
        long limit = Math.max(ALWAYS, MAX_RATIO * fileSize);
        for (Deflated e : entries) {
            if (e.size < 0 || e.size > limit) {
                throw bomb(path, entries, fileSize);
            }
            total = (total + e.size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            if (total > limit) {
                throw bomb(path, entries, fileSize);
            }
        }
        MemorySegment room = room(total, arena);
        long at = 0;
        for (Deflated e : entries) {
            MemorySegment content = room.asSlice(at, e.size);
            inflate(path, e, content);
            contents.put(e.name, content);
            at = (at + e.size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        return contents;
    }

    private static FormatException bomb(Path path, List<Deflated> entries, long fileSize) {
        return new FormatException(path, "refused: entry " + Messages.printable(entries.getFirst().name)
                + " is compressed, and with it the " + fileSize + " bytes of the file would become more than "
                + MAX_RATIO + " times as many, which no weights do");
    }

    private static MemorySegment room(long size, Arena arena) throws IOException {
        if (size <= MAX_IN_MEMORY) {
            return arena.allocate(Math.max(1, size), ALIGNMENT);
        }
        Path file = Files.createTempFile("radedit", ".inflated");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
        }
    }

    private static void inflate(Path path, Deflated entry, MemorySegment to) throws FormatException {
        Inflater inflater = new Inflater(true);
        try {
            long read = 0;
            long written = 0;
            ByteBuffer spare = ByteBuffer.allocate(1); // detects content beyond the announced size
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    long n = Math.min(MAX_BUFFER, entry.bytes.byteSize() - read);
                    if (n == 0) {
                        throw damaged(path, entry);
                    }
                    inflater.setInput(entry.bytes.asSlice(read, n).asByteBuffer());
                    read += n;
                }
                long room = Math.min(MAX_BUFFER, to.byteSize() - written);
                int n = inflater.inflate(room == 0 ? spare : to.asSlice(written, room).asByteBuffer());
                written += n;
                if (written > to.byteSize() || n == 0 && inflater.needsDictionary()) {
                    throw damaged(path, entry);
                }
            }
            if (written != to.byteSize() || read - inflater.getRemaining() != entry.bytes.byteSize()) {
                throw damaged(path, entry);
            }
        } catch (DataFormatException e) {
            throw damaged(path, entry);
        } finally {
            inflater.end();
        }
    }

    private static FormatException damaged(Path path, Deflated entry) {
        return new FormatException(path, "damaged: entry " + Messages.printable(entry.name) + " does not expand to the "
                + entry.size + " bytes that it announces");
    }
}
