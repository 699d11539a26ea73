package radedit.imaging.dicom;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import radedit.imaging.ImageFormatException;

/**
 * An open DICOM file (PS3.10): memory-mapped, or inflated into memory if the data set is deflated. Preamble and file
 * meta information may be missing; the transfer syntax is then detected from the first data element.
 */
final class DicomFile implements AutoCloseable {
    private static final int PREAMBLE = 128;
    private static final int HEADER = PREAMBLE + 4;
    /** Highest group of a data set's first element: usually identification (0008), or the image itself (0028). */
    private static final int FIRST_GROUPS = 0x28;

    private final Arena arena;
    private final DataSet meta;
    private final DataSet dataSet;
    private final TransferSyntax syntax;
    private final Warnings warnings;

    private DicomFile(Arena arena, DataSet meta, DataSet dataSet, TransferSyntax syntax, Warnings warnings) {
        this.warnings = warnings;
        this.arena = arena;
        this.meta = meta;
        this.dataSet = dataSet;
        this.syntax = syntax;
    }

    /**
     * Maps a file and finds its elements.
     *
     * @throws ImageFormatException
     *            if the file is not a DICOM object, or is truncated or damaged
     */
    @SuppressWarnings("MustBeClosed") // the file closes it
    static DicomFile open(Path file) throws IOException {
        Arena arena = Arena.ofConfined();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return parse(file, bytes, arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Finds the elements of a file in memory. */
    static DicomFile parse(Path file, MemorySegment bytes, Arena arena) throws ImageFormatException {
        Warnings warnings = new Warnings();
        DataSetParser parser = new DataSetParser(file, bytes, warnings);
        DataSet meta = parser.meta(hasPreamble(bytes) ? HEADER : 0);
        long start = parser.position();
        if (bytes.byteSize() - start < 8) {
            throw new ImageFormatException(file, "truncated: it ends before its data set");
        }
        TransferSyntax named = TransferSyntax.of(meta.text(Tag.TRANSFER_SYNTAX_UID));
        if (named.deflated() && !isElement(parser.forms(), bytes, start)) {
            MemorySegment inflated = Deflated.inflate(file, bytes.asSlice(start));
            DataSet d = new DataSetParser(file, inflated, warnings).dataSet(0, true, false);
            return new DicomFile(arena, meta, d, named, warnings);
        }
        TransferSyntax syntax = syntax(parser.forms(), bytes, start, named);
        if (!named.uid().isEmpty() && !syntax.equals(named)) {
            warnings.add("its data set is written as " + syntax.writing() + ", though its transfer syntax ("
                    + named.name() + ") says otherwise");
        }
        DataSet d = parser.dataSet(start, syntax.explicit(), syntax.bigEndian());
        return new DicomFile(arena, meta, d, syntax, warnings);
    }

    private static boolean hasPreamble(MemorySegment bytes) {
        return bytes.byteSize() >= HEADER && bytes.get(ValueLayout.JAVA_BYTE, PREAMBLE) == 'D'
                && bytes.get(ValueLayout.JAVA_BYTE, PREAMBLE + 1) == 'I'
                && bytes.get(ValueLayout.JAVA_BYTE, PREAMBLE + 2) == 'C'
                && bytes.get(ValueLayout.JAVA_BYTE, PREAMBLE + 3) == 'M';
    }

    /** Whether an explicit element of a low group begins at an offset, so that the data are not deflated. */
    private static boolean isElement(ElementForms forms, MemorySegment bytes, long start) {
        int group = forms.tag(start, false) >>> 16;
        return group <= FIRST_GROUPS && group > 0 && forms.vr(start) != null
                && forms.isExplicit(start, bytes.byteSize(), false, false);
    }

    /** The named transfer syntax, corrected by the encoding of the first element. */
    private static TransferSyntax syntax(ElementForms forms, MemorySegment bytes, long start, TransferSyntax named) {
        boolean anything = named.uid().isEmpty();
        // Data sets begin with a low group; in the wrong byte order 0008 reads as 0800.
        int little = forms.tag(start, false) >>> 16;
        int big = forms.tag(start, true) >>> 16;
        boolean bigEndian = named.bigEndian() ? big <= little : big < little && big <= FIRST_GROUPS;
        boolean explicit = forms.isExplicit(start, bytes.byteSize(), bigEndian, !anything && named.explicit());
        if (!anything) {
            return named.written(explicit, bigEndian);
        }
        if (!explicit) {
            return TransferSyntax.IMPLICIT_LITTLE;
        }
        return bigEndian ? TransferSyntax.EXPLICIT_BIG : TransferSyntax.EXPLICIT_LITTLE;
    }

    /** Whether bytes begin with the preamble and the prefix DICM. */
    static boolean isMarked(byte[] head) {
        return hasPreamble(MemorySegment.ofArray(head));
    }

    /**
     * Whether bytes may begin a data set without preamble: a first element of group 2 or 8 with a plausible length, and
     * a second one with a higher tag after it.
     */
    static boolean isPlausible(byte[] head) {
        if (head.length < 16) {
            return false;
        }
        MemorySegment bytes = MemorySegment.ofArray(head);
        int group = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0) & 0xFFFF;
        boolean explicit = Vr.of(head[4], head[5]) != null;
        if (group == 0x0800) {
            return explicit;
        }
        if (group != 2 && group != 8) {
            return false;
        }
        if (explicit) {
            return true;
        }
        ValueLayout.OfInt i32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        long next = 8 + (bytes.get(i32, 4) & 0xFFFFFFFFL);
        if (next > head.length - 4) {
            return false;
        }
        return Integer.compareUnsigned(tag(bytes, 0), tag(bytes, next)) < 0 && head[(int) next + 1] == 0;
    }

    private static int tag(MemorySegment bytes, long at) {
        return Integer.rotateLeft(bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), at), 16);
    }

    /** The file meta information; empty if there is none. */
    DataSet meta() {
        return meta;
    }

    DataSet dataSet() {
        return dataSet;
    }

    /** The data set's encoding. */
    TransferSyntax syntax() {
        return syntax;
    }

    /** What is unusual about the parts of the file that were read. */
    Warnings warnings() {
        return warnings;
    }

    /** Unmaps the file. */
    @Override
    public void close() {
        arena.close();
    }
}
