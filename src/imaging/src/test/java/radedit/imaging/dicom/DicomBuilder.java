package radedit.imaging.dicom;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.MaskSelection;

/** Writes valid and invalid data sets byte by byte. */
public final class DicomBuilder {
    public static final int UNDEFINED = -1;
    private static final Path NAME = Path.of("made.dcm");

    private final boolean explicit;
    private final boolean bigEndian;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public DicomBuilder(boolean explicit, boolean bigEndian) {
        this.explicit = explicit;
        this.bigEndian = bigEndian;
    }

    public static DicomBuilder explicit() {
        return new DicomBuilder(true, false);
    }

    /** An empty data set of the same encoding, for items. */
    public DicomBuilder like() {
        return new DicomBuilder(explicit, bigEndian);
    }

    /** A small grey image of 16-bit cells holding 0, 1, 2 ...; pixel data are to follow. */
    public DicomBuilder image(int rows, int columns, String photometric, int samples, int bits) {
        return us(0x00280002, samples).text(0x00280004, "CS", photometric).us(0x00280010, rows).us(0x00280011, columns)
                .us(0x00280100, bits).us(0x00280101, bits).us(0x00280102, bits - 1).us(0x00280103, 0);
    }

    public DicomBuilder us(int tag, int... values) {
        return value(tag, "US", words(values));
    }

    public DicomBuilder text(int tag, String vr, String text) {
        return value(tag, vr, (text.length() % 2 == 0 ? text : text + " ").getBytes(StandardCharsets.US_ASCII));
    }

    public DicomBuilder uid(int tag, String uid) {
        return value(tag, "UI", (uid.length() % 2 == 0 ? uid : uid + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    public DicomBuilder value(int tag, String vr, byte[] value) {
        return header(tag, vr, value.length).bytes(value);
    }

    /** A sequence of items, each of which is closed. */
    public DicomBuilder sequence(int tag, String vr, boolean undefined, DicomBuilder... items) {
        DicomBuilder content = like();
        for (DicomBuilder i : items) {
            content.header(Tag.ITEM, null, undefined ? UNDEFINED : i.out.size()).bytes(i.out.toByteArray());
            if (undefined) {
                content.header(Tag.ITEM_END, null, 0);
            }
        }
        if (undefined) {
            content.header(Tag.SEQUENCE_END, null, 0);
        }
        return header(tag, vr, undefined ? UNDEFINED : content.out.size()).bytes(content.out.toByteArray());
    }

    /** Encapsulated pixel data: the offset table first. */
    public DicomBuilder fragments(byte[]... fragments) {
        header(0x7FE00010, "OB", UNDEFINED);
        for (byte[] f : fragments) {
            header(Tag.ITEM, null, f.length).bytes(f);
        }
        return header(Tag.SEQUENCE_END, null, 0);
    }

    /** Tag, value representation (left out for items) and length. */
    public DicomBuilder header(int tag, String vr, int length) {
        ByteBuffer b = buffer(12).putShort((short) (tag >>> 16)).putShort((short) tag);
        if (explicit && vr != null) {
            b.put((byte) vr.charAt(0)).put((byte) vr.charAt(1));
            if (Vr.of(vr.charAt(0), vr.charAt(1)) != null && Vr.valueOf(vr).isLong()) {
                b.putShort((short) 0).putInt(length);
            } else {
                b.putShort((short) length);
            }
        } else {
            b.putInt(length);
        }
        out.write(b.array(), 0, b.position());
        return this;
    }

    public DicomBuilder bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public byte[] words(int... values) {
        ByteBuffer b = buffer(2 * values.length);
        for (int v : values) {
            b.putShort((short) v);
        }
        return b.array();
    }

    private ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** The data set alone. */
    public byte[] dataSet() {
        return out.toByteArray();
    }

    /** With preamble and file meta information. */
    public byte[] file(String syntax) {
        return file(syntax, dataSet());
    }

    public static byte[] file(String syntax, byte[] dataSet) {
        DicomBuilder meta = explicit().bytes(new byte[128]).bytes("DICM".getBytes(StandardCharsets.US_ASCII));
        String padded = syntax.length() % 2 == 0 ? syntax : syntax + "\0";
        return meta.value(0x00020010, "UI", padded.getBytes(StandardCharsets.US_ASCII)).bytes(dataSet).dataSet();
    }

    public static FilmContent read(byte[] file) throws ImageFormatException {
        return read(file, FilmReader.ALL_FRAMES);
    }

    public static FilmContent read(byte[] file, int frame) throws ImageFormatException {
        try (DicomFile dicom = parse(file)) {
            return DicomReader.read(dicom, frame);
        }
    }

    /** The mask that a segmentation object holds; null if it is none. */
    public static Mask segmentation(byte[] file, MaskSelection selection) throws ImageFormatException {
        try (DicomFile dicom = parse(file)) {
            return SegmentationReader.read(dicom, selection, note -> {});
        }
    }

    @SuppressWarnings("MustBeClosed")
    static DicomFile parse(byte[] file) throws ImageFormatException {
        return DicomFile.parse(NAME, MemorySegment.ofArray(file), Arena.ofConfined());
    }
}
