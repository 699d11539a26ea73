package radedit.imaging.dicom;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;

import radedit.imaging.ImageFormatException;

/**
 * Compressed frames in fragments (PS3.5 A.4). The fragments of a frame are found by the extended or the basic offset
 * table if its offsets point to fragments, otherwise by the number of fragments, or by the start marker of codestreams.
 */
final class EncapsulatedPixels {
    private static final int ITEM_HEADER = 8;
    private static final int JPEG_START = 0xFFD8;
    private static final int JPEG_2000_START = 0xFF4F;

    private final DataSet dataSet;
    private final List<Element> fragments;
    /** Index of the first fragment of each frame, and the total number of fragments at the end. */
    private final int[] first;

    /**
     * @param whole
     *            whether the transfer syntax requires one fragment per frame
     * @throws ImageFormatException
     *            if the fragments do not fit the number of frames
     */
    EncapsulatedPixels(DataSet d, Element pixelData, int frames, boolean whole) throws ImageFormatException {
        this.dataSet = d;
        if (!pixelData.undefined()) {
            throw new ImageFormatException(d.file(), "damaged: its pixel data are not in fragments, though its"
                    + " transfer syntax says so");
        }
        List<Element> all = new DataSetParser(d.file(), d.bytes(), d.warnings()).fragments(pixelData);
        if (all.size() - 1 < frames) {
            throw new ImageFormatException(d.file(), "truncated: " + Math.max(0, all.size() - 1)
                    + " fragments of pixel data for " + frames + (frames == 1 ? " frame" : " frames"));
        }
        this.fragments = all.subList(1, all.size());
        this.first = new int[frames + 1];
        first[frames] = fragments.size();
        Element basic = all.getFirst();
        double[] extended = d.numbers(Tag.EXTENDED_OFFSET_TABLE);
        if (frames == 1) {
            int marks = (int) marked().count();
            long more = marks > 0 ? marks : basic.length() / 4;
            if (more > 1) {
                d.warnings().add("its pixel data hold " + more + " frames, of which one is read, as "
                        + Tag.NUMBER_OF_FRAMES + " says");
            }
        } else if (!find(extended, frames) && !find(basicTable(basic, frames), frames)) {
            if (extended.length > 0 || basic.length() > 0) {
                d.warnings().add("the offset table of its pixel data does not point to fragments for all frames;"
                        + " frames are derived from the fragments");
            }
            byFragments(frames);
        }
        endLastFrame(frames, whole);
    }

    /** Drops codestreams after the last frame, and further fragments of a frame that is one fragment. */
    private void endLastFrame(int frames, boolean whole) {
        int last = first[frames - 1];
        int next = whole
                ? last + 1
                : marked().filter(k -> k > last).findFirst().orElse(fragments.size());
        boolean more = fragments.subList(next, fragments.size()).stream().anyMatch(f -> f.length() > 0);
        if (more && (frames > 1 || whole)) { // for one frame the warning was given already
            dataSet.warnings().add("its pixel data have fragments after those of the " + frames
                    + (frames == 1 ? " frame that " : " frames that ") + Tag.NUMBER_OF_FRAMES
                    + " says; they are not read");
        }
        first[frames] = next;
    }

    private double[] basicTable(Element table, int frames) {
        ByteOrder order = table.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        double[] offsets = new double[(int) Math.min(frames, table.length() / 4)];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = dataSet.bytes().get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), table.offset() + 4L * i)
                    & 0xFFFFFFFFL;
        }
        return offsets;
    }

    /**
     * Finds the fragments to which offsets point, counted from the first fragment's header; both increase.
     *
     * @return whether there is one for each frame
     */
    private boolean find(double[] offsets, int frames) {
        if (offsets.length < frames || offsets[0] != 0) {
            return false;
        }
        long origin = fragments.getFirst().offset() - ITEM_HEADER;
        int k = 0;
        for (int i = 0; i < frames; i++) {
            while (k < fragments.size() && fragments.get(k).offset() - ITEM_HEADER - origin < offsets[i]) {
                k++;
            }
            if (k == fragments.size() || fragments.get(k).offset() - ITEM_HEADER - origin != offsets[i]
                    || i > 0 && k == first[i - 1]) {
                return false;
            }
            first[i] = k;
        }
        return true;
    }

    /** One fragment per frame, or all fragments from one codestream's start marker to the next. */
    private void byFragments(int frames) throws ImageFormatException {
        int[] begins = fragments.size() == frames
                ? IntStream.range(0, frames).toArray()
                : marked().toArray();
        if (begins.length < frames) {
            throw new ImageFormatException(dataSet.file(), "damaged: " + fragments.size() + " fragments with "
                    + begins.length + " beginnings of a codestream for " + frames + " frames");
        }
        System.arraycopy(begins, 0, first, 0, frames);
    }

    /** Fragments that begin with a codestream's start marker. */
    private IntStream marked() {
        return IntStream.range(0, fragments.size()).filter(k -> {
            Element f = fragments.get(k);
            int mark = f.length() < 2
                    ? 0
                    : dataSet.bytes().get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), f.offset())
                            & 0xFFFF;
            return mark == JPEG_START || mark == JPEG_2000_START;
        });
    }

    /** Bytes of the codestreams of a range of frames. */
    long length(int fromFrame, int toFrame) {
        long length = 0;
        for (Element f : fragments.subList(first[fromFrame], first[toFrame])) {
            length += f.length();
        }
        return length;
    }

    /** The codestream of a frame, from 0. */
    byte[] codestream(int frame) throws ImageFormatException {
        long length = length(frame, frame + 1);
        if (length > Integer.MAX_VALUE - 8) {
            throw new ImageFormatException(dataSet.file(), "frame " + (frame + 1) + " is too large");
        }
        byte[] out = new byte[(int) length];
        int at = 0;
        for (Element f : fragments.subList(first[frame], first[frame + 1])) {
            MemorySegment.copy(dataSet.bytes(), ValueLayout.JAVA_BYTE, f.offset(), out, at, (int) f.length());
            at += (int) f.length();
        }
        return out;
    }
}
