package radedit.tools.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.safetensors.FormatException;
import radedit.safetensors.Safetensors;
import radedit.safetensors.TensorInfo;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.testdata.TestData;

/** Files of torch.save, honest and hostile. make.py in their folder describes the resources. */
class TorchFileTest {
    private static final long[] NONE = {};
    private static final String OPCODES = "(.NJKMQRTUXabceh}]jqrstu)G\u0085\u0086\u0087\u0088\u0089\u008A\u0093\u0094";

    @TempDir
    Path temp;

    private static Path resource(String name) {
        return TestData.resource("/pickle/" + name);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(temp.resolve("x.pt"), bytes);
    }

    private static byte[] bytes(StoredTensor t) {
        byte[] all = new byte[(int) t.bytes()];
        t.read(0, (int) t.shape().elements(), all);
        return all;
    }

    /** Refused as damaged or hostile, with the file's name and these words, in little time and memory. */
    private static void assertRefused(Path file, String... words) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long started = System.nanoTime();
        FormatException e = assertThrows(FormatException.class, () -> TorchFile.open(file, null).close());
        assertTrue(System.nanoTime() - started < 5_000_000_000L, "takes too long");
        assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 1L << 30, "takes too much memory");
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        for (String w : words) {
            assertTrue(e.getMessage().contains(w), e.getMessage());
        }
        assertTrue(e.getMessage().lines().count() == 1 && e.getMessage().length() < 700, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip2", "zip3", "zip4", "zip5", "zip64", "stream2", "stream3", "stream4", "stream5"})
    void everyContainerAndProtocolGivesTheSameTensors(String name) throws IOException {
        try (TorchFile torch = TorchFile.open(resource(name + ".pt"), null);
                Safetensors expected = Safetensors.open(resource("expected.safetensors"))) {
            torch.checkContents();
            assertEquals(name.startsWith("zip"), torch.isZip());
            assertEquals(expected.tensors().keySet(), torch.tensors().keySet());
            for (TensorInfo t : expected.tensors().values()) {
                StoredTensor ours = torch.tensors().get(t.name());
                assertEquals(t.dtype(), ours.dtype(), t.name());
                assertEquals(t.shape(), ours.shape(), t.name());
                assertArrayEquals(expected.encoded(t.name()).toArray(ValueLayout.JAVA_BYTE),
                        bytes(ours), t.name());
            }
        }
    }

    @Test
    void tensorsAreReadFromAnyElementOn() throws IOException {
        try (TorchFile torch = TorchFile.open(resource("zip2.pt"), null)) {
            for (StoredTensor t : torch.tensors().values()) {
                byte[] all = bytes(t);
                int width = t.dtype().bytes();
                int n = (int) t.shape().elements();
                for (int from = 0; from < n; from += 1 + n / 7) {
                    for (int count : new int[]{1, Math.min(3, n - from), n - from}) {
                        byte[] part = new byte[count * width];
                        t.read(from, Math.min(count, n - from), part);
                        assertArrayEquals(Arrays.copyOfRange(all, from * width, (from + count) * width), part);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"system.zip2.pt|asks for posix.system", "system.zip4.pt|asks for posix.system",
            "system.stream2.pt|asks for posix.system", "system.stream4.pt|asks for posix.system",
            "plain.pt|asks for posix.system", "eval.pt|asks for __builtin__.eval",
            "object.pt|asks for __main__.Plain", "module_object.pt|asks for torch.nn.modules.linear.Linear",
            "sparse.pt|asks for torch._utils._rebuild_sparse_tensor",
            "quantized.pt|asks for torch._utils._rebuild_qtensor", "negated.pt|negated", "list.pt|holds a list",
            "bomb.pt|entry archive/data.pkl is compressed", "traversal.pt|leads out of the archive",
            "absolute.pt|leads out of the archive", "missing.pt|storage 0, which is not in the file",
            "lying.pt|65535 elements, of which the file has 4", "elsewhere.zip|not one of torch.save",
            "torchscript.pt|TorchScript", "tar.pt|tar archive",
            "two.pt|several state dicts; say which with key (there is 'model', 'ema')",
            "expected.safetensors|neither safetensors nor a file of torch.save"})
    void whatIsNoStateDictIsRefusedByName(String name, String says) {
        assertRefused(resource(name), says);
        assertFalse(Files.exists(Path.of("executed")), "nothing is executed");
    }

    @ParameterizedTest
    @CsvSource({"version https://git-lfs.github.com/spec/v1,Git LFS pointer", "<!DOCTYPE html>,web page",
            "some text,neither", "'',empty"})
    void otherFilesAreNamedForWhatTheyAre(String content, String says) throws IOException {
        assertRefused(write(content.getBytes(StandardCharsets.UTF_8)), says);
    }

    @Test
    void everyNameThatIsNotAllowedIsRefusedByEveryWayToSayIt() throws IOException {
        for (String name : new String[]{"os system", "builtins exec", "builtins getattr", "torch load",
                "torch.storage _load_from_bytes", "torch._utils _rebuild_device_tensor_from_numpy", "torch.jit load",
                "collections Counter", "functools partial", "torch._utils __init__", "java.lang Runtime"}) {
            String[] parts = name.split(" ");
            byte[] plain = new PickleBuilder().global(parts[0], parts[1]).stop();
            assertRefused(write(PickleBuilder.zip(plain)), "refused", parts[0] + "." + parts[1]);
            byte[] stacked = new PickleBuilder().text(parts[0]).text(parts[1]).op(Opcodes.STACK_GLOBAL).stop();
            assertRefused(write(PickleBuilder.zip(stacked)), "refused", parts[0] + "." + parts[1]);
        }
        // A dot may stand on either side; the name stays what it is.
        assertRefused(write(PickleBuilder.zip(new PickleBuilder().global("os.path", "os.system").stop())), "refused");
        assertRefused(write(PickleBuilder.zip(new PickleBuilder().global("a\u001b[2J", "b".repeat(500)).stop())),
                "a\\u001B[2J.bbb", "...");
    }

    /** Names that execute code on loading are refused anywhere, others only in place of tensors. */
    @Test
    void namesOfAttacksAreRefusedBesideTensorsToo() throws IOException {
        for (String name : new String[]{"os system", "posix popen", "nt system", "subprocess Popen", "builtins eval",
                "__builtin__ exec", "builtins __import__", "builtins open", "sys modules", "importlib import_module",
                "runpy _run_code",
                "pickle loads", "_pickle loads", "marshal loads", "ctypes CDLL", "socket socket", "webbrowser open",
                "shutil rmtree",
                "pty spawn", "code InteractiveInterpreter", "torch load", "torch.serialization load", "torch.jit load",
                "torch.hub load", "torch.storage _load_from_bytes", "numpy load",
                "numpy.testing._private.utils runstring",
                "pip main", "asyncio.unix_events _UnixSubprocessTransport._start", "torch.serialization os.system",
                "torch.serialization os", "torch _utils.sys.modules", "torch._utils __init__",
                "torch Size.__init__.__globals__",
                "collections OrderedDict.__subclasses__", "os.path os.system", "numpy.core.sys modules"}) {
            String[] n = name.split(" ");
            PickleBuilder p = new PickleBuilder().op(Opcodes.EMPTY_DICT).text("x")
                    .tensor(1, 0, new long[]{1}, new long[]{1})
                    .op(Opcodes.SETITEM).text("y").global(n[0], n[1])
                    .op(Opcodes.EMPTY_TUPLE, Opcodes.REDUCE, Opcodes.SETITEM);
            assertRefused(write(PickleBuilder.zip(p.stop())), "refused: it asks for " + n[0] + "." + n[1]);
        }
        for (String attribute : new String[]{"__globals__", "__class__", "__subclasses__", "os", "system.__call__"}) {
            PickleBuilder p = new PickleBuilder().op(Opcodes.EMPTY_DICT).text("y").global("__builtin__", "getattr")
                    .global("a", "b").text(attribute).op(Opcodes.TUPLE2, Opcodes.REDUCE, Opcodes.SETITEM);
            assertRefused(write(PickleBuilder.zip(p.stop())));
        }
    }

    /** The same position in the file with a harmless name: an object that is never created. */
    @Test
    void otherObjectsAreLeftOut() throws IOException {
        String[] names = {"os stat_result", "java.lang Runtime", "mypackage.os2 system", "project.trace Trace",
                "code.model Net",
                "functools partial", "collections Counter", "__main__ Plain"};
        for (String name : names) {
            String[] n = name.split(" ");
            PickleBuilder p = new PickleBuilder().op(Opcodes.EMPTY_DICT).text("x")
                    .tensor(1, 0, new long[]{1}, new long[]{1})
                    .op(Opcodes.SETITEM).text("y").global(n[0], n[1])
                    .op(Opcodes.EMPTY_TUPLE, Opcodes.REDUCE, Opcodes.SETITEM);
            try (TorchFile torch = TorchFile.open(write(PickleBuilder.zip(p.stop())), null)) {
                assertEquals(List.of("x"), List.copyOf(torch.tensors().keySet()));
                assertEquals(1, torch.leftOut().size());
            }
        }
    }

    /** A million nested objects, each the attributes of the next; and a module that contains itself. */
    @Test
    void objectsAreNoTrapEither() throws IOException {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            PickleBuilder deep = new PickleBuilder().global("a", "b").op(Opcodes.BINPUT, 0);
            for (int i = 0; i < 300_000; i++) {
                deep.op(Opcodes.TUPLE1, Opcodes.BINPUT, 1, Opcodes.POP, Opcodes.BINGET, 0, Opcodes.BINGET, 1,
                        Opcodes.NEWOBJ,
                        Opcodes.BINGET, 1, Opcodes.BUILD);
            }
            assertRefused(write(PickleBuilder.zip(deep.stop())), "asks for a.b");
            PickleBuilder name = new PickleBuilder().global("a", "b").op(Opcodes.BINPUT, 0);
            String attribute = "n".repeat(900);
            name.text(attribute).op(Opcodes.BINPUT, 1, Opcodes.POP).global("__builtin__", "getattr").op(Opcodes.BINPUT,
                    2, Opcodes.POP,
                    Opcodes.BINPUT, 3);
            for (int i = 0; i < 400_000; i++) {
                name.op(Opcodes.POP, Opcodes.BINGET, 2, Opcodes.BINGET, 3, Opcodes.BINGET, 1, Opcodes.TUPLE2,
                        Opcodes.REDUCE,
                        Opcodes.BINPUT, 3);
            }
            assertRefused(write(PickleBuilder.zip(name.stop())), "asks for");

            Path itself = write(PickleBuilder.zip(module(new PickleBuilder().op(Opcodes.EMPTY_DICT).text("m"), 1)
                    .op(Opcodes.SETITEM).stop()));
            FormatException e = assertThrows(FormatException.class, () -> TorchFile.open(itself, "m").close());
            assertTrue(e.getMessage().contains("or itself"), e.getMessage());
            Path twice = write(PickleBuilder.zip(module(new PickleBuilder().op(Opcodes.EMPTY_DICT).text("m"), 2)
                    .op(Opcodes.SETITEM).stop()));
            e = assertThrows(FormatException.class, () -> TorchFile.open(twice, "m").close());
            assertTrue(e.getMessage().contains("or itself"), e.getMessage());
        });
    }

    /** A module that contains itself {@code times} times. */
    private static PickleBuilder module(PickleBuilder p, int times) {
        p.global("torch.nn", "Module").op(Opcodes.EMPTY_TUPLE, Opcodes.NEWOBJ, Opcodes.BINPUT, 9, Opcodes.EMPTY_DICT)
                .text("_parameters").op(Opcodes.EMPTY_DICT, Opcodes.SETITEM).text("_buffers")
                .op(Opcodes.EMPTY_DICT, Opcodes.SETITEM)
                .text("_modules").op(Opcodes.EMPTY_DICT);
        for (int i = 0; i < times; i++) {
            p.text("m" + i).op(Opcodes.BINGET, 9, Opcodes.SETITEM);
        }
        return p.op(Opcodes.SETITEM, Opcodes.BUILD);
    }

    /** Instructions of Python 2, and persistent ids of modules, of PyTorch before 1.6. */
    @Test
    void whatOlderPythonsWroteIsRead() throws IOException {
        PickleBuilder pairs = new PickleBuilder().global("collections", "OrderedDict")
                .op(Opcodes.EMPTY_LIST, Opcodes.EMPTY_LIST)
                .op(Opcodes.SHORT_BINSTRING, 1, 'x', Opcodes.APPEND).tensor(1, 0, new long[]{1}, new long[]{1})
                .op(Opcodes.APPEND, Opcodes.APPEND, Opcodes.TUPLE1, Opcodes.REDUCE);
        PickleBuilder p = new PickleBuilder().op(Opcodes.EMPTY_DICT).text("state_dict");
        p.global("collections", "OrderedDict")
                .op(Opcodes.EMPTY_LIST, Opcodes.EMPTY_LIST, Opcodes.SHORT_BINSTRING, 1, 'x', Opcodes.APPEND)
                .tensor(1, 0, new long[]{1}, new long[]{1}).op(Opcodes.APPEND, Opcodes.APPEND, Opcodes.TUPLE1,
                        Opcodes.REDUCE,
                        Opcodes.SETITEM);
        p.text("bytes").op(Opcodes.SHORT_BINSTRING, 2, 0xFF, 0xFE, Opcodes.SETITEM);
        p.text("old").op(Opcodes.MARK, Opcodes.INST).op("a\nB\n".chars().toArray()).op(Opcodes.SETITEM);
        p.text("older").op(Opcodes.MARK).global("a", "B").op(Opcodes.NONE, Opcodes.OBJ, Opcodes.SETITEM);
        p.text("net").op(Opcodes.MARK).text("module").global("net", "Net").text("net.py").text("class Net: ...")
                .op(Opcodes.TUPLE, Opcodes.BINPERSID, Opcodes.EMPTY_TUPLE, Opcodes.NEWOBJ, Opcodes.SETITEM);
        try (TorchFile root = TorchFile.open(write(PickleBuilder.zip(pairs.stop())), null)) {
            assertEquals(List.of("x"), List.copyOf(root.tensors().keySet()));
        }
        try (TorchFile torch = TorchFile.open(write(PickleBuilder.zip(p.stop())), null)) {
            assertEquals(List.of("x"), List.copyOf(torch.tensors().keySet()));
            assertEquals(
                    List.of("bytes (bytes)", "old (an object: a.B)", "older (an object: a.B)",
                            "net (an object: net.Net)"),
                    torch.leftOut());
        }
    }

    @Test
    void compressedEntriesAreHeldToTheirLengths() throws IOException {
        byte[] good = Files.readAllBytes(TestData.resource("/reports/08_checkpoints/rezipped.pt"));
        int directory = find(good, "PK\1\2", 0);
        TorchFile.open(write(good), null).close();
        for (int size : new int[]{0, 235, 237, 2000}) {
            byte[] bad = good.clone();
            ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, size);
            assertRefused(write(bad), "does not expand to the " + size + " bytes that it announces");
        }
        byte[] bad = good.clone();
        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 20, 100); // too little of it
        assertRefused(write(bad), "does not expand");
        bad = good.clone();
        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, 0x7FFFFFFF);
        assertRefused(write(bad), "refused: entry plain/data.pkl is compressed");
        bad = good.clone();
        int name = find(bad, "plain/data.pkl", 0);
        bad[name + "plain/data.pkl".length() + 20] ^= 0x55;
        assertRefused(write(bad));
    }

    @Test
    void otherInstructionsAreRefusedByName() throws IOException {
        for (Map.Entry<Integer, String> e : Map.of(0x81, "NEWOBJ", 0x92, "NEWOBJ_EX", (int) 'i', "INST", (int) 'o',
                "OBJ", 0x82, "EXT1", (int) 'P', "PERSID", (int) '2', "DUP", 0x97, "NEXT_BUFFER", 0xFF, "0xff")
                .entrySet()) {
            assertRefused(write(PickleBuilder.zip(new PickleBuilder().op(e.getKey()).stop())),
                    "the pickle instruction " + e.getValue());
        }
    }

    @Test
    void callsOfWhatIsNoFunctionAreRefused() throws IOException {
        int call = Opcodes.REDUCE;
        int none = Opcodes.EMPTY_TUPLE;
        PickleBuilder[] odd = {new PickleBuilder().text("os.system").op(none, call),
                new PickleBuilder().global("torch", "FloatStorage").op(none, call),
                new PickleBuilder().global("torch", "Tensor").op(none, call),
                new PickleBuilder().global("torch", "float32").op(none, call),
                new PickleBuilder().global("collections", "OrderedDict").op(Opcodes.NONE, call),
                new PickleBuilder().global("collections", "OrderedDict").op(Opcodes.NONE, Opcodes.TUPLE1, call),
                new PickleBuilder().global("torch._utils", "_rebuild_tensor_v2").op(none, call),
                new PickleBuilder().global("torch._utils", "_rebuild_parameter").op(none, call),
                new PickleBuilder().global("torch._tensor", "_rebuild_from_type_v2").op(Opcodes.MARK)
                        .global("torch._tensor", "_rebuild_from_type_v2").global("torch", "Tensor")
                        .op(none, Opcodes.NONE, Opcodes.TUPLE, call),
                new PickleBuilder().global("torch", "Size").text("x").op(Opcodes.TUPLE1, call)};
        for (PickleBuilder p : odd) {
            assertRefused(write(PickleBuilder.zip(p.stop())), "byte ");
        }
        assertRefused(write(PickleBuilder.zip(new PickleBuilder().op(Opcodes.EMPTY_LIST, Opcodes.NONE, Opcodes.BUILD)
                .stop())), "setting attributes");
    }

    @Test
    void oddPersistentIdsAreRefused() throws IOException {
        PickleBuilder[] odd = {new PickleBuilder().text("0"), new PickleBuilder().op(Opcodes.EMPTY_TUPLE),
                new PickleBuilder().op(Opcodes.MARK).text("module").text("a").text("b").text("c").number(1)
                        .op(Opcodes.TUPLE),
                new PickleBuilder().op(Opcodes.MARK).text("storage").text("FloatStorage").text("0").text("cpu")
                        .number(1).op(Opcodes.TUPLE),
                new PickleBuilder().op(Opcodes.MARK).text("storage").global("torch", "FloatStorage").number(0)
                        .text("cpu").number(1).op(Opcodes.TUPLE),
                new PickleBuilder().op(Opcodes.MARK).text("storage").global("torch", "FloatStorage").text("0")
                        .text("cpu").number(-1).op(Opcodes.TUPLE)};
        for (PickleBuilder p : odd) {
            assertRefused(write(PickleBuilder.zip(p.op(Opcodes.BINPERSID).stop())), "persistent id");
        }
        PickleBuilder view = new PickleBuilder().op(Opcodes.MARK).text("storage").global("torch", "FloatStorage")
                .text("0").text("cpu").number(1).numbers(0, 0, 1).op(Opcodes.TUPLE, Opcodes.BINPERSID);
        assertRefused(write(PickleBuilder.zip(view.stop())), "a view of another");
    }

    @Test
    void absurdShapesAreRefused() throws IOException {
        long[][][] shapes = {{{5}, {1}}, {{4}, {2}}, {{2}, {Long.MAX_VALUE}}, {{1L << 40}, {0}}, {{2, 2}, {1}},
                {{-1}, {1}}, {{1 << 30, 1 << 30, 1 << 30}, {0, 0, 0}}, {{1 << 30}, {0}},
                {{1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1}}};
        for (long[][] s : shapes) {
            assertRefused(write(PickleBuilder.zipOfTensor(4, 0, s[0], s[1])));
        }
        assertRefused(write(PickleBuilder.zipOfTensor(4, 4, NONE, NONE)), "reaches beyond its storage");
        assertRefused(write(PickleBuilder.zipOfTensor(4, Long.MAX_VALUE, NONE, NONE)), "reaches beyond its storage");
        assertRefused(write(PickleBuilder.zipOfTensor(5, 0, NONE, NONE)), "of which the file has 4");
        assertRefused(write(PickleBuilder.zipOfTensor(Long.MAX_VALUE, 0, NONE, NONE)), "absurd");
        try (TorchFile good = TorchFile.open(write(PickleBuilder.zipOfTensor(4, 3, NONE, NONE)), null)) {
            assertEquals(Shape.of(), good.tensors().get("x").shape());
        }
        try (TorchFile good = TorchFile.open(write(PickleBuilder.zipOfTensor(4, 9, new long[]{0, 7}, new long[]{7, 1})),
                null)) {
            assertEquals(0, bytes(good.tensors().get("x")).length);
        }
    }

    /** Many views of one storage would fill a disk. */
    @Test
    void aSmallFileDoesNotDescribeAHugeOne() throws IOException {
        PickleBuilder p = new PickleBuilder().op(Opcodes.EMPTY_DICT);
        for (int i = 0; i < 20; i++) {
            p.text("x" + i).tensor(4, 0, new long[]{1 << 20}, new long[]{0}).op(Opcodes.SETITEM);
        }
        assertRefused(write(PickleBuilder.zip(p.stop())), "far more bytes than the whole file");
    }

    @Test
    void deepNestingIsNoRecursion() throws IOException {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertRefused(write(PickleBuilder.zip(
                    new PickleBuilder().times(1_000_000, Opcodes.EMPTY_LIST).times(999_999, Opcodes.APPEND).stop())),
                    "holds a list");
            assertRefused(write(PickleBuilder.zip(new PickleBuilder().op(Opcodes.EMPTY_TUPLE)
                    .times(1_000_000, Opcodes.TUPLE1).stop())), "holds a tuple");
            assertRefused(write(PickleBuilder.zip(new PickleBuilder().times(5_000_000, Opcodes.MARK).stop())),
                    "more than 4000000 values");
            assertRefused(write(PickleBuilder.zip(new PickleBuilder().times(5_000_000, Opcodes.EMPTY_DICT).stop())),
                    "more than 4000000 values");
        });
    }

    /** Each level contains the one below twice: 2^200 leaves in 1,400 bytes. */
    @Test
    void memoBombsAreNeverUnfolded() throws IOException {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            PickleBuilder tuples = new PickleBuilder().op(Opcodes.EMPTY_TUPLE);
            PickleBuilder lists = new PickleBuilder().op(Opcodes.EMPTY_LIST);
            PickleBuilder dicts = new PickleBuilder().op(Opcodes.EMPTY_DICT);
            for (int i = 0; i < 200; i++) {
                tuples.op(Opcodes.BINPUT, i, Opcodes.BINGET, i, Opcodes.TUPLE2);
                lists.op(Opcodes.BINPUT, i, Opcodes.EMPTY_LIST, Opcodes.BINGET, i, Opcodes.APPEND, Opcodes.BINGET, i,
                        Opcodes.APPEND);
                dicts.op(Opcodes.BINPUT, i, Opcodes.EMPTY_DICT, Opcodes.BININT1, 1, Opcodes.BINGET, i, Opcodes.SETITEM,
                        Opcodes.BININT1, 2, Opcodes.BINGET, i, Opcodes.SETITEM);
            }
            assertRefused(write(PickleBuilder.zip(tuples.stop())), "holds a tuple");
            assertRefused(write(PickleBuilder.zip(lists.stop())), "values on its stack");
            assertRefused(write(PickleBuilder.zip(dicts.stop())), "values on its stack");
            // As a key, it is not hashed by its content.
            PickleBuilder asKey = new PickleBuilder().op(Opcodes.EMPTY_DICT, Opcodes.EMPTY_TUPLE);
            for (int i = 0; i < 200; i++) {
                asKey.op(Opcodes.BINPUT, i, Opcodes.BINGET, i, Opcodes.TUPLE2);
            }
            assertRefused(write(PickleBuilder.zip(asKey.op(Opcodes.NONE, Opcodes.SETITEM).stop())),
                    "no dictionary of tensors");
            byte[] unhashable = new PickleBuilder()
                    .op(Opcodes.EMPTY_DICT, Opcodes.EMPTY_LIST, Opcodes.NONE, Opcodes.SETITEM)
                    .stop();
            assertRefused(write(PickleBuilder.zip(unhashable)), "a key of a dictionary that is a list");
        });
    }

    @Test
    void aDictionaryInItselfIsNoTrap() throws IOException {
        byte[] self = new PickleBuilder().op(Opcodes.EMPTY_DICT, Opcodes.BINPUT, 0).text("me")
                .op(Opcodes.BINGET, 0, Opcodes.SETITEM).stop();
        assertRefused(write(PickleBuilder.zip(self)), "no state dict");
        byte[] list = new PickleBuilder().op(Opcodes.EMPTY_LIST, Opcodes.BINPUT, 0, Opcodes.BINGET, 0, Opcodes.APPEND)
                .stop();
        assertRefused(write(PickleBuilder.zip(list)), "holds a list");
        // As the keys of the older container, where they are looked up.
        assertRefused(write(PickleBuilder.stream(new PickleBuilder().op(Opcodes.EMPTY_DICT).stop(), list, new byte[8])),
                "no tensor mentions");
    }

    /** A hundred thousand keys for one large dictionary without tensors: itself. */
    @Test
    void oneDictionaryUnderManyKeysIsLookedAtOnce() throws IOException {
        PickleBuilder r = new PickleBuilder().op(Opcodes.EMPTY_DICT, Opcodes.BINPUT, 0, Opcodes.MARK);
        for (int i = 0; i < 100_000; i++) {
            r.number(i).op(Opcodes.NONE);
        }
        r.op(Opcodes.SETITEMS, Opcodes.MARK);
        for (int i = 0; i < 100_000; i++) {
            r.text("k" + i).op(Opcodes.BINGET, 0);
        }
        r.op(Opcodes.SETITEMS);
        assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> assertRefused(write(PickleBuilder.zip(r.stop())), "no state dict"));
    }

    @Test
    void lyingLengthsAreRefused() throws IOException {
        int[] huge = {0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0};
        for (int op : new int[]{Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINUNICODE8, Opcodes.FRAME,
                Opcodes.LONG1}) {
            assertRefused(write(PickleBuilder.zip(new PickleBuilder().op(op).op(huge).stop())), "truncated");
        }
        assertRefused(write(PickleBuilder.zip(new PickleBuilder().op(Opcodes.BINUNICODE8)
                .op(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF).stop())), "truncated");
        assertRefused(write(PickleBuilder.zip(new PickleBuilder().op(Opcodes.LONG_BINGET, 1, 2, 3, 4).stop())),
                "never stored");
        assertRefused(write(PickleBuilder.zip(new PickleBuilder().op(Opcodes.TUPLE).stop())), "mark");
        assertRefused(
                write(PickleBuilder.zip(new PickleBuilder().op(Opcodes.NONE, Opcodes.MARK, Opcodes.APPEND).stop())),
                "empty stack");
        assertRefused(write(PickleBuilder.zip(new PickleBuilder().op(Opcodes.BINUNICODE, 1, 0, 0, 0, 0xFF).stop())),
                "UTF-8");
        assertRefused(write(PickleBuilder.zip(new byte[]{(byte) 0x80, 9, '.'})), "protocol 9");
        assertRefused(write(PickleBuilder.zip("(dp0\n.".getBytes(StandardCharsets.US_ASCII))), "protocol 2 or later");
    }

    /** In the older container, a pickle has the whole file before it. */
    @Test
    void longTextsAreNotCopied() throws IOException {
        PickleBuilder p = new PickleBuilder().op(Opcodes.BINUNICODE8);
        byte[] start = PickleBuilder.stream(p.stop(), new byte[0], new byte[0]);
        Path file = write(start);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) { // a sparse file of gigabytes
            channel.write(ByteBuffer.wrap(PickleBuilder.little(8, 3L << 30)), start.length - 1);
            channel.write(ByteBuffer.wrap(new byte[1]), 4L << 30);
        }
        assertRefused(file, "longer than 64 MB");
        Files.delete(file);
    }

    @Test
    void theOlderContainerIsHeldToItsLengths() throws IOException {
        byte[] dict = new PickleBuilder().op(Opcodes.EMPTY_DICT).text("x")
                .tensor(2, 0, new long[]{2}, new long[]{1}).op(Opcodes.SETITEM).stop();
        byte[] keys = new PickleBuilder().op(Opcodes.EMPTY_LIST).text("0").op(Opcodes.APPEND).stop();
        byte[] twice = new PickleBuilder().op(Opcodes.EMPTY_LIST).text("0").op(Opcodes.APPEND).text("0")
                .op(Opcodes.APPEND).stop();
        byte[] none = new PickleBuilder().op(Opcodes.EMPTY_LIST).stop();
        byte[] two = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(2).putFloat(1).putFloat(2).array();
        try (TorchFile good = TorchFile.open(write(PickleBuilder.stream(dict, keys, two)), null)) {
            assertArrayEquals(Arrays.copyOfRange(two, 8, 16), bytes(good.tensors().get("x")));
        }
        assertRefused(write(PickleBuilder.stream(dict, keys, Arrays.copyOf(two, 12))), "truncated");
        assertRefused(write(PickleBuilder.stream(dict, keys, new byte[0])), "truncated");
        assertRefused(write(PickleBuilder.stream(dict, keys, Arrays.copyOf(two, 17))), "1 bytes after");
        assertRefused(write(PickleBuilder.stream(dict, twice, two)), "twice");
        assertRefused(write(PickleBuilder.stream(dict, none, new byte[0])), "not in the file");
        assertRefused(write(PickleBuilder.stream(dict, keys, PickleBuilder.little(8, -1))), "truncated");
        assertRefused(write(PickleBuilder.stream(dict, keys, PickleBuilder.little(8, Long.MAX_VALUE))), "truncated");
        assertRefused(write(PickleBuilder.stream(dict, dict, two)), "is not a list");
    }

    @Test
    void archivesAreHeldToTheirDirectory() throws IOException {
        byte[] good = Files.readAllBytes(resource("zip2.pt"));
        int directory = find(good, "PK\1\2", 0);
        int second = find(good, "PK\1\2", directory + 4);

        byte[] bad = good.clone();
        bad[find(good, "archive/byteorder", 0)] = 'b'; // the local header has another name than the directory
        assertRefused(write(bad), "described in two different ways");

        bad = good.clone(); // both directory entries point to the first content, under the second's name
        System.arraycopy(good, directory + 42, bad, second + 42, 4);
        assertRefused(write(bad), "described in two different ways");

        bad = good.clone(); // an entry that reaches into the next
        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 20, 6000).putInt(directory + 24, 6000);
        assertRefused(write(bad), "overlap");

        bad = good.clone();
        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, 0x7FFFFFFF);
        assertRefused(write(bad), "two sizes");
        ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 20, 0x7FFFFFFF);
        assertRefused(write(bad), "truncated");

        bad = good.clone();
        bad[directory + 8] |= 1;
        assertRefused(write(bad), "encrypted");

        bad = good.clone();
        bad[find(good, "OrderedDict", 0)] = 'X';
        assertRefused(write(bad), "checksum");

        for (int length : new int[]{4, 22, 100, good.length / 2, directory, good.length - 1}) {
            assertRefused(write(Arrays.copyOf(good, length)), "truncated");
        }
        assertRefused(write(Arrays.copyOf(good, good.length + 10)), "truncated");

        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a/data.pkl", new byte[1]);
        entries.put("b/data.pkl", new byte[1]);
        assertRefused(write(PickleBuilder.zip(entries)), "not one of torch.save");
        entries.clear();
        entries.put("a/data.pkl", new PickleBuilder().op(Opcodes.EMPTY_DICT).stop());
        entries.put("a/byteorder", "middle".getBytes(StandardCharsets.US_ASCII));
        assertRefused(write(PickleBuilder.zip(entries)), "neither little nor big");
        entries.remove("a/byteorder");
        entries.put("a/version", "11\n".getBytes(StandardCharsets.US_ASCII));
        assertRefused(write(PickleBuilder.zip(entries)), "unknown version");
    }

    @Test
    void damagedContentsAreNoticed() throws IOException {
        byte[] bad = Files.readAllBytes(resource("module.pt"));
        int name = find(bad, "archive/data/0", 0);
        int padding = ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).getShort(name - 2);
        bad[name + "archive/data/0".length() + padding] ^= 1;
        try (TorchFile torch = TorchFile.open(write(bad), null)) {
            FormatException e = assertThrows(FormatException.class, torch::checkContents);
            assertTrue(e.getMessage().contains("damaged: entry archive/data/"), e.getMessage());
        }
    }

    private static int find(byte[] in, String what, int from) {
        int at = new String(in, StandardCharsets.ISO_8859_1).indexOf(what, from);
        assertTrue(at >= 0);
        return at;
    }

    /** Thousands of damaged files of each kind: each is refused cleanly or read, in little memory and time. */
    @Test
    @SuppressWarnings("MustBeClosed")
    void mutationsNeverCrash() throws IOException {
        Path file = temp.resolve("m.pt");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String name : new String[]{"zip2.pt", "stream4.pt", "everything"}) {
            byte[] good = withoutChecksums(Files.readAllBytes(name.equals("everything")
                    ? TestData.resource("/reports/08_checkpoints/made_everything.zip4.ckpt")
                    : resource(name)));
            Random r = new Random(7);
            int refused = 0;
            long most = 0;
            long slowest = 0;
            int count = name.equals("everything") ? 4_000 : 20_000;
            for (int i = 0; i < count; i++) {
                byte[] bad = mutate(good, r);
                long before = threads.getCurrentThreadAllocatedBytes();
                long started = System.nanoTime();
                try (TorchFile torch = TorchFile.of(file, MemorySegment.ofArray(bad), Arena.ofConfined(), null)) {
                    for (StoredTensor t : torch.tensors().values()) {
                        byte[] block = new byte[4096];
                        t.read(0, (int) Math.min(t.shape().elements(), 4096 / t.dtype().bytes()), block);
                    }
                    torch.checkContents();
                } catch (FormatException e) {
                    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
                    refused++;
                }
                slowest = Math.max(slowest, System.nanoTime() - started);
                most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
            }
            System.out.printf("%s: %d mutations, %d refused, at most %d kB allocated for one of %d bytes, %d ms%n",
                    name, count, refused, most >> 10, good.length, slowest / 1_000_000);
            assertTrue(refused > count / 2, "mutations hit something");
            assertTrue(most < 4 << 20, "allocated " + most);
        }
    }

    /** Clears the checksums; otherwise hardly any mutation would reach the pickle machine. */
    private static byte[] withoutChecksums(byte[] file) {
        byte[] out = file.clone();
        for (int at = 0; at < out.length - 46; at++) {
            if (out[at] == 'P' && out[at + 1] == 'K' && out[at + 2] == 1 && out[at + 3] == 2) {
                Arrays.fill(out, at + 16, at + 20, (byte) 0);
            }
        }
        return out;
    }

    private static byte[] mutate(byte[] good, Random r) {
        byte[] b = good.clone();
        for (int n = 1 + r.nextInt(3); n > 0; n--) {
            // Half of them into the pickle at the beginning, some into the directory at the end.
            int at = r.nextInt(4) == 0
                    ? b.length - 1 - r.nextInt(Math.min(b.length, 3000))
                    : r.nextInt(r.nextBoolean() ? Math.min(b.length, 5000) : b.length);
            switch (r.nextInt(7)) {
                case 0 -> b[at] ^= (byte) (1 << r.nextInt(8));
                case 1 -> b[at] = (byte) r.nextInt(256);
                case 2 -> b[at] = (byte) OPCODES.charAt(r.nextInt(OPCODES.length()));
                case 3 -> b[at] = (byte) (r.nextBoolean() ? 0xFF : 0x7F);
                case 4 -> b = r.nextInt(4) == 0 ? Arrays.copyOf(b, 1 + r.nextInt(b.length)) : b;
                case 5 -> b = r.nextInt(4) == 0 ? Arrays.copyOf(b, b.length + r.nextInt(50)) : b;
                default -> { // repeat a piece
                    int from = r.nextInt(b.length);
                    int length = Math.min(r.nextInt(60), Math.min(b.length - from, b.length - at));
                    System.arraycopy(b, from, b, at, length);
                }
            }
        }
        return b;
    }

    @Test
    void trainingCheckpointsGiveTheirStateDict() throws IOException {
        try (TorchFile torch = TorchFile.open(resource("training.ckpt"), null)) {
            assertEquals(7, torch.tensors().size());
            assertTrue(torch.leftOut().containsAll(
                    List.of("epoch (a number)", "best (a tensor)", "optimizer_states (a list)")),
                    torch.leftOut().toString());
        }
        try (TorchFile torch = TorchFile.open(resource("two.pt"), "ema")) {
            assertEquals(DType.I64, torch.tensors().get("1.num_batches_tracked").dtype());
        }
        FormatException e = assertThrows(FormatException.class, () -> TorchFile.open(resource("two.pt"), "x").close());
        assertTrue(e.getMessage().contains("under the key 'x' (there is 'model', 'ema')"), e.getMessage());
    }
}
