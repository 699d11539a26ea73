package radedit.exec.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.checkpoint.DemoModel;
import radedit.checkpoint.ModelFolder;
import radedit.exec.BackendOptions;
import radedit.exec.Program;
import radedit.files.UserFolder;
import radedit.graph.Probe;
import radedit.graph.RoundedOperands;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.pipeline.Scorer;
import radedit.tensor.Precision;
import radedit.testkit.OpCase;
import radedit.weights.WeightStore;

/**
 * With the demo model (16-bit weights), each kernel is compiled once, for self-test and run together, and each weight
 * is uploaded once.
 */
class TornadoStartTest {
    private static final Pattern KERNEL = Pattern.compile("(?m)^__kernel void (\\w+)\\(");

    private final ModelFolder model = ModelFolder.of(DemoModel.folder());
    private final RunOptions options = new RunOptions("tornado", 1, 0);
    /** Length in bytes of the source generated before the test. */
    private long before;

    @AfterEach
    void launchAsBefore() {
        System.clearProperty(Launcher.PROPERTY);
    }

    private static void launchByPlans() {
        System.setProperty(Launcher.PROPERTY, "plan");
    }

    private void begin() {
        before = GeneratedSource.length();
    }

    private static void forgetSelfTests() throws Exception {
        Path notes = UserFolder.home().resolve("tornado");
        if (Files.isDirectory(notes)) {
            try (Stream<Path> all = Files.walk(notes)) {
                all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
            }
        }
    }

    /** Number of compilations of each kernel since the test began. */
    private Map<String, Integer> kernels() {
        Map<String, Integer> all = new TreeMap<>();
        Matcher m = KERNEL.matcher(GeneratedSource.after(before));
        while (m.find()) {
            all.merge(m.group(1), 1, Integer::sum);
        }
        return all;
    }

    /** Kernels that a run with the demo model needs, with the number of variants of each. */
    private static Map<String, Integer> expected(int formats) {
        Map<String, Integer> all = new TreeMap<>(
                Map.of("make", 1, "store", 3, "floats", 1, "halves", 1, "clearFloats", 1,
                        "clearHalves", 1, "gemm", formats, "attention", 1));
        all.putAll(Map.of("blocks", 1, "join", 1, "apply", 2, "rows", 1, "combine", 1, "move", 1, "maxPool", 1,
                "meanPool", 1));
        return all;
    }

    private static EditRequest edit() {
        int n = 128;
        byte[] film = new byte[n * n];
        boolean[] mask = new boolean[n * n];
        for (int i = 0; i < film.length; i++) {
            film[i] = (byte) (i % n);
            mask[i] = i % n < n / 2;
        }
        return new EditRequest(new Picture(n, n, 1, film), new Mask(n, n, mask)).prompt("Pleural effusion").steps(3);
    }

    @Test
    void withTheSelfTest() throws Exception {
        launchByPlans();
        forgetSelfTests();
        begin();
        int devices = DeviceContext.opened();
        try (RadEdit radEdit = RadEdit.open(model, options)) {
            radEdit.generate(new GenerateRequest("Large left-sided pleural effusion").steps(2));
            assertEquals(devices + 1, DeviceContext.opened(), "one set of arrays");
            assertEquals(expected(3), kernels());
        }
        assertTrue(SelfTestRecord.exists(identity()));
        assertFalse(SelfTestRecord.exists(identity(SelfTest.ROUNDINGS)));
    }

    private static String identity() {
        return identity(SelfTest.KERNELS);
    }

    private static String identity(SelfTest test) {
        try (TornadoBackend b = BackendFactory.backend(BackendOptions.threads(1))) {
            return test.identity(b);
        }
    }

    /** Kernels that round are compiled and tested where operands are rounded, and nowhere else. */
    @Test
    void roundingNeedsTwoMoreKernels() throws Exception {
        launchByPlans();
        forgetSelfTests();
        begin();
        int devices = DeviceContext.opened();
        byte[] byPlans = generated(options.emulating(Precision.BF16));
        assertEquals(devices + 1, DeviceContext.opened(), "one set of arrays");
        Map<String, Integer> all = expected(3);
        all.putAll(Map.of("roundValues", 1, "attend", 1));
        assertEquals(all, kernels());
        assertTrue(SelfTestRecord.exists(identity()) && SelfTestRecord.exists(identity(SelfTest.ROUNDINGS)));
        launchAsBefore();
        assertArrayEquals(byPlans, generated(options.emulating(Precision.BF16)));
        assertFalse(Arrays.equals(byPlans, generated()));
    }

    /** A network that rounds, run after another, is tested first; the other's weights are uploaded again. */
    @Test
    void aLaterSelfTestLosesNothing(@TempDir Path temp) throws Exception {
        forgetSelfTests();
        OpCase c = OpCase.all().stream().filter(x -> x.name().equals("linear geglu")).findFirst().orElseThrow();
        try (TornadoBackend b = BackendFactory.backend(BackendOptions.threads(1)); WeightStore w = c.weights(temp)) {
            Program exact = b.compile(c.graph(), w, Probe.NONE);
            double[] first = exact.run(c.inputs()).get("y").data();
            assertFalse(SelfTestRecord.exists(SelfTest.ROUNDINGS.identity(b)));
            Program rounded = b.compile(RoundedOperands.apply(c.graph(), Precision.BF16), w, Probe.NONE);
            double[] other = rounded.run(c.inputs()).get("y").data();
            assertTrue(SelfTestRecord.exists(SelfTest.ROUNDINGS.identity(b)));
            assertArrayEquals(first, exact.run(c.inputs()).get("y").data());
            assertArrayEquals(other, rounded.run(c.inputs()).get("y").data());
            assertFalse(Arrays.equals(first, other));
        }
    }

    /** A scored edit, a generation and scores, as in 'radedit demo'; then all of it again. */
    @Test
    void withoutTheSelfTest() throws Exception {
        launchByPlans();
        SelfTestRecord.write(identity());
        begin();
        int devices = DeviceContext.opened();
        try (RadEdit radEdit = RadEdit.open(model, options); Scorer scorer = Scorer.open(model, options)) {
            work(radEdit, scorer);
            assertEquals(devices + 1, DeviceContext.opened(), "one set of arrays");
            assertEquals(expected(2), kernels());
            DeviceWeights weights = DeviceContext.inUse(0).deviceWeights();
            assertEquals(1, weights.epoch(), "nothing had to make room");
            long uploaded = weights.uploaded();
            assertTrue(uploaded > 0);
            work(radEdit, scorer);
            assertEquals(uploaded, weights.uploaded(), "all is there already");
            assertEquals(devices + 1, DeviceContext.opened());
        }
    }

    /** Launched directly, kernels are generated once per machine, and again where a file is damaged. */
    @Test
    void directlyWithFilesOfTheRunBefore() throws Exception {
        forgetSelfTests();
        begin();
        byte[] first = generated();
        Map<String, Integer> once = expected(3);
        // Arrays are filled and cleared without kernels; the compiling plan allocates its own.
        once.keySet().removeAll(Set.of("store", "clearFloats", "clearHalves"));
        assertEquals(once, kernels());
        begin();
        assertArrayEquals(first, generated());
        assertEquals(Map.of(), kernels(), "nothing is generated again");
        int damaged = 0;
        try (Stream<Path> files = Files.list(UserFolder.home().resolve("tornado"))) {
            for (Path f : files.filter(f -> !f.toString().endsWith(".tested")).toList()) {
                byte[] bytes = Files.readAllBytes(f);
                bytes[bytes.length / 2] ^= 1;
                Files.write(f, bytes);
                damaged++;
            }
        }
        assertTrue(damaged > 20, damaged + " files");
        begin();
        assertArrayEquals(first, generated());
        assertFalse(kernels().isEmpty());
    }

    /** Pixels of a picture; bit-identical, however kernels are launched. */
    @Test
    void plansComputeTheSame() {
        byte[] direct = generated();
        launchByPlans();
        assertArrayEquals(direct, generated());
    }

    private byte[] generated() {
        return generated(options);
    }

    private byte[] generated(RunOptions how) {
        try (RadEdit radEdit = RadEdit.open(model, how)) {
            return radEdit.generate(new GenerateRequest("Large left-sided pleural effusion").steps(2).seed(3)).grey(0)
                    .samples();
        }
    }

    private static void work(RadEdit radEdit, Scorer scorer) {
        radEdit.edit(edit());
        Picture made = radEdit.generate(new GenerateRequest("Large left-sided pleural effusion").steps(2)).grey(0);
        scorer.film(Film.of(made, "made"));
        scorer.text(List.of("Pleural effusion"));
    }

    /** The hash of the generated source does not depend on the history of the process. */
    @Test
    void provenanceIsThatOfTheRun() throws Exception {
        SelfTestRecord.write(identity());
        Set<String> told = new TreeSet<>();
        for (int size : new int[]{128, 64, 256}) {
            try (RadEdit radEdit = RadEdit.open(model, options)) {
                told.add(radEdit.generate(new GenerateRequest("Normal").steps(1).size(size)).settings().getFirst()
                        .get("backend").toString());
            }
        }
        forgetSelfTests();
        try (RadEdit radEdit = RadEdit.open(model, options)) {
            told.add(radEdit.generate(new GenerateRequest("Normal").steps(1)).settings().getFirst().get("backend")
                    .toString());
        }
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.iterator().next().contains("generated source "), told::toString);
    }
}
