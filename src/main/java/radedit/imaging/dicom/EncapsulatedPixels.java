package radedit.imaging.dicom;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

import radedit.imaging.ImageFormatException;

/**
 * Compressed frames in fragments (PS3.5 A.4). Which fragments make up a frame is told by the extended or the basic offset
 * table, or else by their number, or by the mark that a codestream begins with.
 */
final class EncapsulatedPixels {
    private static final int ITEM_HEADER = 8;
    private static final int JPEG_START = 0xFFD8;
    private static final int JPEG_2000_START = 0xFF4F;

    private final DataSet dataSet;
    private final List<Element> fragments;
    /** The first fragment of each frame, and the number of fragments at the end. */
    private final int[] first;

    /**
     * @throws ImageFormatException
     *             if the fragments do not make up the frames
     */
    EncapsulatedPixels(DataSet d, Element pixelData, int frames) throws ImageFormatException {
        this.dataSet = d;
        if (!pixelData.undefined()) {
            throw new ImageFormatException(d.file(), "damaged: its pixel data are not in fragments, though its"
                    + " transfer syntax says so");
        }
        List<Element> all = new DataSetParser(d.file(), d.bytes()).fragments(pixelData);
        if (all.size() - 1 < frames) {
            throw new ImageFormatException(d.file(), "truncated: " + Math.max(0, all.size() - 1)
                    + " fragments of pixel data for " + frames + (frames == 1 ? " frame" : " frames"));
        }
        this.fragments = all.subList(1, all.size());
        this.first = new int[frames + 1];
        first[frames] = fragments.size();
        Element basic = all.getFirst();
        if (frames == 1) {
            first[0] = 0;
        } else if (d.has(Tag.EXTENDED_OFFSET_TABLE)) {
            find(d.numbers(Tag.EXTENDED_OFFSET_TABLE), frames);
        } else if (basic.length() >= 4L * frames) {
            find(basicTable(basic, frames), frames);
        } else if (fragments.size() == frames) {
            for (int i = 0; i < frames; i++) {
                first[i] = i;
            }
        } else {
            byMarks(frames);
        }
    }

    private double[] basicTable(Element table, int frames) {
        ByteOrder order = table.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        double[] offsets = new double[frames];
        for (int i = 0; i < frames; i++) {
            offsets[i] = dataSet.bytes().get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), table.offset() + 4L * i)
                    & 0xFFFFFFFFL;
        }
        return offsets;
    }

    /** Finds the fragments that offsets from the first fragment's header point to; both run upwards. */
    private void find(double[] offsets, int frames) throws ImageFormatException {
        long origin = fragments.getFirst().offset() - ITEM_HEADER;
        int k = 0;
        for (int i = 0; i < frames; i++) {
            while (i < offsets.length && k < fragments.size()
                    && fragments.get(k).offset() - ITEM_HEADER - origin < offsets[i]) {
                k++;
            }
            if (i >= offsets.length || k == fragments.size()
                    || fragments.get(k).offset() - ITEM_HEADER - origin != offsets[i]
                    || i > 0 && k == first[i - 1]) {
                throw new ImageFormatException(dataSet.file(),
                        "damaged: the offset table of its pixel data has no fragment for frame " + (i + 1));
            }
            first[i] = k;
        }
    }

    private void byMarks(int frames) throws ImageFormatException {
        int found = 0;
        for (int k = 0; k < fragments.size(); k++) {
            Element f = fragments.get(k);
            int mark = f.length() < 2
                    ? 0
                    : dataSet.bytes().get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), f.offset())
                            & 0xFFFF;
            if (mark == JPEG_START || mark == JPEG_2000_START) {
                if (found < frames) {
                    first[found] = k;
                }
                found++;
            }
        }
        if (found != frames) {
            throw new ImageFormatException(dataSet.file(), "damaged: " + fragments.size() + " fragments with " + found
                    + " beginnings of a codestream for " + frames + " frames");
        }
    }

    /** Bytes of the codestreams of some frames. */
    long length(int fromFrame, int toFrame) {
        long length = 0;
        for (Element f : fragments.subList(first[fromFrame], first[toFrame])) {
            length += f.length();
        }
        return length;
    }

    /** The codestream of a frame (counted from 0). */
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
