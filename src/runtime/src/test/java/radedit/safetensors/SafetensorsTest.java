package radedit.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

class SafetensorsTest {
    @TempDir
    Path temp;

    private static byte[] good() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SafetensorsWriter().metadata("format", "pt").metadata("é\"\n", "\\")
                .add("a.weight", DType.F32, Tensor.of(Shape.of(2, 3), 1, -2, 0.5, 1e-40, 3e38, -0.0))
                .add("half", DType.F16, Tensor.of(Shape.of(4), 1, 65504, 6e-8, -0.333))
                .add("brain", DType.BF16, Tensor.of(Shape.of(3), 1, 3.1415926, -1e38))
                .add("double", DType.F64, Tensor.of(Shape.of(1, 1, 2), Math.PI, 1e300))
                .add("long", DType.I64, Tensor.of(Shape.of(2), 1L << 40, -5))
                .add("bytes", DType.U8, Tensor.of(Shape.of(3), 0, 7, 255))
                .add("empty", DType.F32, Tensor.of(Shape.of(0, 4))).add("scalar", DType.F32, Tensor.of(Shape.of(), 42))
                .writeTo(out);
        return out.toByteArray();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(temp.resolve("x.safetensors"), bytes);
    }

    /** A file with this header and {@code data} bytes of data. */
    private Path file(String header, int data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return write(ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length)
                .put(json)
                .array());
    }

    @Test
    void everyTypeComesBack() throws IOException {
        try (Safetensors s = Safetensors.open(write(good()))) {
            assertArrayEquals(new double[]{1, -2, 0.5, 1e-40f, 3e38f, -0.0}, s.read("a.weight").data());
            assertArrayEquals(new double[]{1, 65504, 0x1p-24, -0.33300781250}, s.read("half").data());
            assertArrayEquals(new double[]{1, 3.140625, -9.969209968386869E37}, s.read("brain").data(), 1e31);
            assertArrayEquals(new double[]{Math.PI, 1e300}, s.read("double").data());
            assertArrayEquals(new double[]{1L << 40, -5}, s.read("long").data());
            assertArrayEquals(new double[]{0, 7, 255}, s.read("bytes").data());
            assertEquals(Shape.of(0, 4), s.read("empty").shape());
            assertArrayEquals(new double[]{42}, s.read("scalar").data());
            assertEquals("\\", s.metadata().get("é\"\n"));
            float[] part = new float[4];
            s.get("half").copyTo(1, 2, part, 1);
            assertArrayEquals(new float[]{0, 65504, 0x1p-24f, 0}, part);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            // header, bytes of data, part of the message
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|7|truncated",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|9|1 bytes after the last tensor",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}|4|takes 8 bytes",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}|12|gap",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}|6|overlaps",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|8|Duplicate",
            "{\"a\":{\"dtype\":\"X9\",\"shape\":[1],\"data_offsets\":[0,4]}}|4|unknown dtype X9",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|4|negative",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4294967296],\"data_offsets\":[0,4]}}|4|absurd",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}|4|not valid JSON",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}|4|malformed",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}|4|malformed",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}|4|lacks", "{\"a\":[]}|4|malformed", "{\"a\"|4|not valid JSON",
            "[1]|0|does not begin", "{} x|0|not valid JSON", "{\"__metadata__\":{\"a\":1}}|0|malformed",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[[[[[1]]]]],\"data_offsets\":[0,4]}}|4|malformed",
            "{\"a\":{\"dtype\":\"F32\",\"x\":1}}|4|unknown field"})
    void faultsAreNamed(String header, int data, String says) throws IOException {
        Path file = file(header, data);
        FormatException e = assertThrows(FormatException.class, () -> Safetensors.open(file).close());
        assertTrue(e.getMessage().startsWith(file.toString()) && e.getMessage().contains(says), e.getMessage());
    }

    /** Files that the safetensors library reads too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"__metadata__\":null,\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|4|1",
            "{\"__metadata__\":{},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}~~|4|1",
            "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},\"z\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[4,4]},"
                    + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|8|3",
            "{\"a\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]},\"u\":{\"dtype\":\"U16\",\"shape\":[1],\"data_offsets\":[2,4]},"
                    + "\"f\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[4,5]},\"c\":{\"dtype\":\"C64\",\"shape\":[1],"
                    + "\"data_offsets\":[5,13]}}|13|4",
            "{}|0|0"})
    void oddHeadersThatAreValid(String header, int data, int tensors) throws IOException {
        try (Safetensors s = Safetensors.open(file(header.replace("~", " \n\t"), data))) {
            assertEquals(tensors, s.tensors().size());
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "1", "100000001", "9223372036854775807", "1000"})
    void absurdHeaderLengthsAreRefused(long length) throws IOException {
        Path file = write(ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
        assertThrows(FormatException.class, () -> Safetensors.open(file).close());
    }

    @Test
    void tooShortAndMissingFilesAreRefused() throws IOException {
        Path empty = write(new byte[3]);
        assertThrows(FormatException.class, () -> Safetensors.open(empty).close());
        assertThrows(IOException.class, () -> Safetensors.open(temp.resolve("none")).close());
    }

    /** 100,000 damaged files: each is read or refused with a FormatException, within a bound of memory. */
    @Test
    void mutationsNeverCrash() throws IOException {
        byte[] good = good();
        Path file = temp.resolve("m.safetensors");
        Random r = new Random(7);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        long most = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bad = mutate(good, r);
            // Mapping takes 200 times as long as reading and is the same code for all files, so only some are mapped.
            boolean mapped = i % 1000 == 0;
            if (mapped) {
                Files.write(file, bad);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            try (Safetensors s = mapped ? Safetensors.open(file) : inMemory(file, bad)) {
                for (String name : s.tensors().keySet()) {
                    s.read(name);
                }
            } catch (FormatException e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
                refused++;
            }
            most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
        }
        System.out.printf("safetensors: 100000 mutations, %d refused, at most %d kB allocated for one of %d bytes%n",
                refused,
                most >> 10, good.length);
        assertTrue(refused > 50_000, "mutations hit something");
        assertTrue(most < 2 << 20, "allocated " + most);
    }

    @SuppressWarnings("MustBeClosed")
    private static Safetensors inMemory(Path name, byte[] content) throws IOException {
        return Safetensors.of(name, MemorySegment.ofArray(content), Arena.ofConfined());
    }

    private static byte[] mutate(byte[] good, Random r) {
        byte[] b = good.clone();
        int header = 8 + (int) ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getLong();
        for (int n = 1 + r.nextInt(3); n > 0; n--) {
            int at = r.nextInt(10) == 0 ? r.nextInt(Math.min(8, b.length)) : r.nextInt(Math.min(header, b.length));
            switch (r.nextInt(6)) {
                case 0 -> b[at] ^= (byte) (1 << r.nextInt(8));
                case 1 -> b[at] = (byte) r.nextInt(256);
                case 2 -> b[at] = (byte) "0123456789[]{},:\"-eE.".charAt(r.nextInt(21));
                case 3 -> b = Arrays.copyOf(b, Math.max(8, r.nextInt(b.length)));
                case 4 -> b = Arrays.copyOf(b, b.length + r.nextInt(50));
                default -> { // repeat a piece
                    int from = r.nextInt(b.length);
                    int length = Math.min(r.nextInt(40), Math.min(b.length - from, b.length - at));
                    System.arraycopy(b, from, b, at, length);
                }
            }
        }
        return b;
    }
}
