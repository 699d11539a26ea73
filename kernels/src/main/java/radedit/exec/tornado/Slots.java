package radedit.exec.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Arguments of one launch. TornadoVM compiles scalar arguments into a kernel, so those that differ between launches are passed
 * in an int array. Only the record of a kernel's arguments and the kernel know which slot holds what.
 */
final class Slots {
    /** Length of the array, the same for all kernels. */
    static final int COUNT = 30;

    private final int[] values = new int[COUNT];
    /** Bit i: slot i was written. */
    private int written;

    /** The arguments as a kernel reads them. */
    static Slots of(KernelArguments arguments) {
        Slots s = new Slots();
        arguments.encode(s);
        return s;
    }

    /**
     * @throws IllegalStateException
     *             if the slot was written before, because two arguments share it
     */
    Slots set(int slot, int value) {
        if ((written >> slot & 1) == 1) {
            throw new IllegalStateException("two arguments share slot " + slot);
        }
        written |= 1 << slot;
        values[slot] = value;
        return this;
    }

    Slots set(int slot, Offset offset) {
        return set(slot, offset.at());
    }

    /** Writes 1 for true and 0 for false. */
    Slots set(int slot, boolean value) {
        return set(slot, value ? 1 : 0);
    }

    /** Copies all {@link #COUNT} slots to an array; slots not written are 0. */
    void copyTo(IntArray array) {
        copyTo(array.getSegment(), 0);
    }

    /** Copies all slots to memory, from an offset in bytes; slots not written are 0. */
    void copyTo(MemorySegment memory, long offset) {
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, offset, COUNT);
    }
}
