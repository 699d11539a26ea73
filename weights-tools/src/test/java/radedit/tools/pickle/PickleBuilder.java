package radedit.tools.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Assembles pickles instruction by instruction, and their containers, including ones that no program writes. */
final class PickleBuilder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleBuilder() {
        op(Opcodes.PROTO, 2);
    }

    /** An instruction with its operand's bytes. */
    PickleBuilder op(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    PickleBuilder times(int n, int... bytes) {
        for (int i = 0; i < n; i++) {
            op(bytes);
        }
        return this;
    }

    PickleBuilder text(String s) {
        byte[] b = s.getBytes(StandardCharsets.UTF_8);
        out.write(Opcodes.BINUNICODE);
        out.writeBytes(little(4, b.length));
        out.writeBytes(b);
        return this;
    }

    PickleBuilder number(long n) {
        out.write(Opcodes.LONG1);
        out.write(8);
        out.writeBytes(little(8, n));
        return this;
    }

    PickleBuilder numbers(long... all) {
        op(Opcodes.MARK);
        for (long n : all) {
            number(n);
        }
        return op(Opcodes.TUPLE);
    }

    PickleBuilder global(String module, String name) {
        out.write(Opcodes.GLOBAL);
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PickleBuilder storage(String type, String key, long elements) {
        op(Opcodes.MARK).text("storage").global("torch", type).text(key).text("cpu").number(elements);
        return op(Opcodes.TUPLE, Opcodes.BINPERSID);
    }

    /** A float tensor, a view of storage "0". */
    PickleBuilder tensor(long elements, long offset, long[] sizes, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").op(Opcodes.MARK).storage("FloatStorage", "0", elements);
        number(offset).numbers(sizes).numbers(strides).op(Opcodes.NEWFALSE);
        global("collections", "OrderedDict").op(Opcodes.EMPTY_TUPLE, Opcodes.REDUCE);
        return op(Opcodes.TUPLE, Opcodes.REDUCE);
    }

    byte[] stop() {
        op(Opcodes.STOP);
        return out.toByteArray();
    }

    /** {"x": one float tensor}, in a zip archive with a storage of four elements. */
    static byte[] zipOfTensor(long elements, long offset, long[] sizes, long[] strides) {
        return zip(new PickleBuilder().op(Opcodes.EMPTY_DICT).text("x").tensor(elements, offset, sizes, strides)
                .op(Opcodes.SETITEM).stop());
    }

    /** An archive with this data.pkl and a storage "0" of 16 bytes. */
    static byte[] zip(byte[] pickle) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", pickle);
        entries.put("archive/data/0", new byte[16]);
        return zip(entries);
    }

    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> e : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(e.getKey());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(e.getValue().length);
                CRC32 crc = new CRC32();
                crc.update(e.getValue());
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(e.getValue());
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The older container: its three opening pickles, the object, the keys, and the storages. */
    static byte[] stream(byte[] object, byte[] keys, byte[] storages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new PickleBuilder()
                .op(Opcodes.LONG1, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19).stop());
        bytes.writeBytes(new PickleBuilder().number(1001).stop());
        bytes.writeBytes(new PickleBuilder().op(Opcodes.EMPTY_DICT).stop());
        bytes.writeBytes(object);
        bytes.writeBytes(keys);
        bytes.writeBytes(storages);
        return bytes.toByteArray();
    }

    static byte[] little(int width, long value) {
        byte[] eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
        return java.util.Arrays.copyOf(eight, width);
    }
}
