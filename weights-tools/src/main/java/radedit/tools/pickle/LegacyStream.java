package radedit.tools.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import radedit.files.Messages;
import radedit.safetensors.FormatException;

/**
 * The container that torch.save wrote before version 1.6, and still writes on request: five pickles (a magic number, the
 * protocol version, facts about the machine, the object, the storage keys), then for each storage its number of elements
 * as 8 bytes, and the elements. Both are little-endian on every machine (torch/csrc/serialization.cpp), so the facts
 * about the machine are irrelevant.
 */
final class LegacyStream {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private LegacyStream() {
    }

    /** Whether a file begins like a pickle. */
    static boolean begins(MemorySegment file) {
        return file.byteSize() > 0 && (file.get(ValueLayout.JAVA_BYTE, 0) & 0xFF) == Opcodes.PROTO;
    }

    /**
     * Reads the object.
     *
     * @param storages
     *            receives the storages' contents, by key
     * @param foreignNames
     *            receives names in the object that state dicts do not use
     */
    static Object read(Path path, MemorySegment file, Map<String, MemorySegment> storages,
            Collection<String> foreignNames)
            throws FormatException {
        Unpickler pickle = new Unpickler(path, file);
        if (!MAGIC.equals(pickle.load())) {
            throw new FormatException(path, "a pickle, but not one of torch.save");
        }
        if (!Long.valueOf(VERSION).equals(pickle.load())) {
            throw new FormatException(path, "written by an unknown version of torch.save");
        }
        pickle.load();
        Object root = pickle.load();
        foreignNames.addAll(pickle.foreignNames());
        Map<String, Integer> widths = pickle.storageWidths();
        if (!(pickle.load() instanceof List<?> keys)) {
            throw new FormatException(path, "the list of its storages is not a list");
        }
        long at = pickle.position();
        for (Object key : keys) {
            Integer width = key instanceof String s ? widths.remove(s) : null;
            if (width == null) {
                throw new FormatException(path, "holds a storage that no tensor mentions, or the same one twice");
            }
            String quoted = "storage " + Messages.printable((String) key);
            if (file.byteSize() - at < 8) {
                throw new FormatException(path, "truncated: " + quoted + " is missing");
            }
            long elements = file.get(LONG, at);
            at += 8;
            if (elements < 0 || elements > (file.byteSize() - at) / width) {
                throw new FormatException(path, "truncated: " + quoted + " of " + Long.toUnsignedString(elements)
                        + " elements does not fit into the file");
            }
            storages.put((String) key, file.asSlice(at, elements * width));
            at += elements * width;
        }
        if (at != file.byteSize()) {
            throw new FormatException(path, (file.byteSize() - at) + " bytes after the last storage");
        }
        return root;
    }
}
