package radedit.tools.pickle;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

import radedit.files.Messages;
import radedit.safetensors.FormatException;

/**
 * The entries of a mapped zip archive. In archives of torch.save they are stored without compression, so each is a slice
 * of the file; those of repacked archives are inflated ({@link Inflated}). java.util.zip provides streams only, but
 * tensors are read in any order.
 *
 * <p>
 * The archive is untrusted. The directory must be at the end of the file and match its own counts; entries must precede
 * it, must not overlap, and must have the same name and size in both of their headers. No entry becomes a file, yet
 * names that would leave a folder are refused: no honest program writes them.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">APPNOTE.TXT, the format, with sections
 *         4.3 and 4.5.3 (zip64)</a>
 */
final class ZipArchive {
    /** One entry: its content, and the checksum in the directory. */
    record Entry(String name, MemorySegment content, int crc32) {}

    private record Extent(String name, long begin, long end) {}

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int DEFLATED = 8;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR64_BYTES = 20;
    /** Limit for the directory; an entry takes about 70 bytes. */
    private static final long MAX_DIRECTORY = 32 << 20;
    private static final long UNSIGNED = 0xFFFFFFFFL;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final MemorySegment file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Extent> extents = new ArrayList<>();
    private final List<Inflated.Deflated> compressed = new ArrayList<>();

    private ZipArchive(Path path, MemorySegment file) {
        this.path = path;
        this.file = file;
    }

    /** Whether a file begins like a zip archive. */
    static boolean begins(MemorySegment file) {
        return file.byteSize() >= 4 && file.get(INT, 0) == LOCAL;
    }

    /**
     * Reads the directory and inflates compressed entries.
     *
     * @param arena
     *            arena of inflated entries
     * @throws FormatException
     *            if the archive is damaged or unsafe
     */
    static ZipArchive read(Path path, MemorySegment file, Arena arena) throws IOException {
        ZipArchive zip = new ZipArchive(path, file);
        zip.readDirectory();
        zip.checkExtents();
        Inflated.expand(path, file.byteSize(), zip.compressed, arena)
                .forEach((name, content) -> zip.entries.computeIfPresent(name,
                        (n, e) -> new Entry(n, content, e.crc32)));
        return zip;
    }

    /** Entries by name, without folders. */
    Map<String, Entry> entries() {
        return entries;
    }

    /**
     * The entry of a name.
     *
     * @throws FormatException
     *            if there is none
     */
    Entry entry(String name) throws FormatException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new FormatException(path, "a zip archive without " + Messages.printable(name));
        }
        return entry;
    }

    /** Bytes of all entries. */
    long size() {
        return entries.values().stream().mapToLong(e -> e.content.byteSize()).sum();
    }

    /**
     * Checks an entry's content against its checksum. PyTorch can be configured to compute none, and then writes 0.
     *
     * @throws FormatException
     *            if they differ
     */
    void check(Entry entry) throws FormatException {
        if (entry.crc32 == 0) {
            return;
        }
        CRC32 crc = new CRC32();
        long size = entry.content.byteSize();
        for (long at = 0; at < size; at += 1 << 30) {
            crc.update(entry.content.asSlice(at, Math.min(1 << 30, size - at)).asByteBuffer());
        }
        if ((int) crc.getValue() != entry.crc32) {
            throw fault("damaged: entry " + Messages.printable(entry.name) + " has a wrong checksum");
        }
    }

    private void readDirectory() throws FormatException {
        long end = findEnd();
        long count = file.get(SHORT, end + 10) & 0xFFFF;
        long size = file.get(INT, end + 12) & UNSIGNED;
        long begin = file.get(INT, end + 16) & UNSIGNED;
        long limit = end;
        if (end >= LOCATOR64_BYTES && file.get(INT, end - LOCATOR64_BYTES) == LOCATOR64) {
            limit = file.get(LONG, end - LOCATOR64_BYTES + 8);
            if (limit < 0 || limit > end - LOCATOR64_BYTES - END64_BYTES || file.get(INT, limit) != END64) {
                throw fault("its zip64 directory is not where it should be");
            }
            count = file.get(LONG, limit + 32);
            size = file.get(LONG, limit + 40);
            begin = file.get(LONG, limit + 48);
        }
        if (begin < 0 || size < 0 || begin > limit || size != limit - begin || size > MAX_DIRECTORY) {
            throw fault("its zip directory is not where it should be");
        }
        long at = begin;
        long read = 0;
        while (at < limit) {
            at = readEntry(at, begin, limit);
            read++;
        }
        if (read != count) {
            throw fault("its zip directory has " + read + " entries, " + count + " are declared");
        }
    }

    /** Offset of the end record, which is followed only by a comment of the length that it contains. */
    private long findEnd() throws FormatException {
        long size = file.byteSize();
        for (long at = size - END_BYTES; at >= Math.max(0, size - END_BYTES - 0xFFFF); at--) {
            if (file.get(INT, at) == END && (file.get(SHORT, at + 20) & 0xFFFF) == size - END_BYTES - at) {
                return at;
            }
        }
        throw fault("truncated: the zip directory at its end is missing");
    }

    private long readEntry(long at, long directory, long limit) throws FormatException {
        if (at > limit - CENTRAL_BYTES || file.get(INT, at) != CENTRAL) {
            throw fault("its zip directory is damaged");
        }
        int nameLength = file.get(SHORT, at + 28) & 0xFFFF;
        int extraLength = file.get(SHORT, at + 30) & 0xFFFF;
        int commentLength = file.get(SHORT, at + 32) & 0xFFFF;
        long next = at + CENTRAL_BYTES + nameLength + extraLength + commentLength;
        if (next > limit) {
            throw fault("its zip directory is damaged");
        }
        String name = name(at + CENTRAL_BYTES, nameLength);
        String quoted = "entry " + Messages.printable(name);
        if ((file.get(SHORT, at + 8) & 1) != 0) {
            throw fault(quoted + " is encrypted");
        }
        int method = file.get(SHORT, at + 10) & 0xFFFF;
        if (method != 0 && method != DEFLATED) {
            throw fault(quoted + " is compressed in an unsupported way (method " + method
                    + "); repack the archive, stored or deflated");
        }
        long[] sizes = {file.get(INT, at + 24) & UNSIGNED, file.get(INT, at + 20) & UNSIGNED,
                file.get(INT, at + 42) & UNSIGNED};
        widen(sizes, at + CENTRAL_BYTES + nameLength, extraLength, quoted);
        if (method == 0 && sizes[0] != sizes[1]) {
            throw fault(quoted + " says that it is stored and has two sizes");
        }
        MemorySegment content = content(name, quoted, sizes, method, directory);
        if (name.endsWith("/")) {
            return next;
        }
        if (entries.put(name, new Entry(name, content, file.get(INT, at + 16))) != null) {
            throw fault(quoted + " is there twice");
        }
        if (method == DEFLATED) {
            compressed.add(new Inflated.Deflated(name, content, sizes[0]));
        }
        return next;
    }

    /**
     * Replaces values that do not fit 32 bits by those of the zip64 field.
     *
     * @param sizes
     *            uncompressed size, compressed size, offset; those that are 0xFFFFFFFF are replaced
     */
    private void widen(long[] sizes, long extra, int length, String quoted) throws FormatException {
        long end = extra + length;
        for (long at = extra; at <= end - 4;) {
            long field = at + 4;
            long fieldEnd = field + (file.get(SHORT, at + 2) & 0xFFFF);
            if (file.get(SHORT, at) == 1) {
                for (int i = 0; i < sizes.length; i++) {
                    if (sizes[i] == UNSIGNED) {
                        if (field > Math.min(fieldEnd, end) - 8) {
                            throw fault(quoted + " has a damaged zip64 field");
                        }
                        sizes[i] = file.get(LONG, field);
                        field += 8;
                    }
                }
                return;
            }
            at = fieldEnd;
        }
    }

    /**
     * The bytes of an entry in the file.
     *
     * @param sizes
     *            uncompressed size, compressed size, offset
     */
    private MemorySegment content(String name, String quoted, long[] sizes, int method, long directory)
            throws FormatException {
        long size = sizes[1];
        long header = sizes[2];
        if (header < 0 || header > directory - LOCAL_BYTES || file.get(INT, header) != LOCAL) {
            throw fault(quoted + " is not where the directory says");
        }
        int nameLength = file.get(SHORT, header + 26) & 0xFFFF;
        long begin = header + LOCAL_BYTES + nameLength + (file.get(SHORT, header + 28) & 0xFFFF);
        if (size < 0 || begin > directory || size > directory - begin) {
            throw fault("truncated: " + quoted + " of " + Long.toUnsignedString(size)
                    + " bytes does not fit into the file");
        }
        if ((file.get(SHORT, header + 8) & 0xFFFF) != method || !name.equals(name(header + LOCAL_BYTES, nameLength))) {
            throw fault(quoted + " is described in two different ways");
        }
        extents.add(new Extent(name, header, begin + size));
        return file.asSlice(begin, size);
    }

    private String name(long at, int length) throws FormatException {
        String name;
        try {
            byte[] encoded = file.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
            name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(encoded)).toString();
        } catch (CharacterCodingException e) {
            throw fault("the name of a zip entry is not valid UTF-8");
        }
        String folder = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        List<String> steps = List.of(folder.split("/", -1));
        if (steps.contains("") || steps.contains(".") || steps.contains("..") || name.indexOf('\\') >= 0
                || name.indexOf('\0') >= 0) {
            throw fault("zip entry '" + Messages.printable(name) + "' has a name that leads out of the archive");
        }
        return name;
    }

    private void checkExtents() throws FormatException {
        extents.sort(Comparator.comparingLong(Extent::begin));
        for (int i = 1; i < extents.size(); i++) {
            if (extents.get(i).begin < extents.get(i - 1).end) {
                throw fault("entries " + Messages.printable(extents.get(i - 1).name) + " and "
                        + Messages.printable(extents.get(i).name) + " overlap");
            }
        }
    }

    private FormatException fault(String what) {
        return new FormatException(path, what);
    }
}
