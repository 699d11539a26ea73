package radedit.exec.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The arguments of one launch. TornadoVM compiles scalar arguments into a kernel, so what differs from launch to launch is
 * passed in an int array. Which slot holds what is known to the record of a kernel's arguments and to the kernel, and to
 * nothing else.
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
     *             if the slot was written before: two arguments share it
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

    /** Copies all slots to an array of {@link #COUNT}; those not written are 0. */
    void copyTo(IntArray array) {
        copyTo(array.getSegment(), 0);
    }

    /** Copies all slots to memory, from an offset in bytes; those not written are 0. */
    void copyTo(MemorySegment memory, long offset) {
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_INT, offset, COUNT);
    }
}
