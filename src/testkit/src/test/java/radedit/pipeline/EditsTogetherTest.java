package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.Editor;
import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.Cancellation;
import radedit.exec.CancelledException;
import radedit.exec.LiveData;
import radedit.exec.Program;
import radedit.graph.Probe;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Tensor;
import radedit.testkit.Fixtures;
import radedit.trace.Recorder;

/** Edits that are sampled together give to the bit what they give alone, whatever becomes of the others. */
class EditsTogetherTest {
    private static final ModelFolder MODEL = ModelFolder.of(Fixtures.model(Size.TINY));
    private static final int FILM = 32;

    /** What a listener hears of a request. */
    private static class Ear implements Listener {
        final List<String> heard = new ArrayList<>();
        final List<String> notes = new ArrayList<>();

        @Override
        public void warning(String message) {
            heard.add(message);
        }

        @Override
        public void note(String message) {
            notes.add(message);
        }

        @Override
        public void progress(String phase, int done, int total) {
            if (!phase.equals("inverting")) { // its batches are larger
                heard.add(phase + " " + done + " of " + total);
            }
        }

        @Override
        public void evaluations(long computed, long shared) {
            heard.add(computed + " and " + shared);
        }
    }

    private static EditRequest edit(int film, Mask mask, String prompt) {
        byte[] samples = new byte[FILM * FILM];
        new Random(film).nextBytes(samples);
        return new EditRequest(new Picture(FILM, FILM, 1, samples), mask).prompt(prompt).steps(6);
    }

    private static Mask left(int columns) {
        boolean[] in = new boolean[FILM * FILM];
        for (int i = 0; i < in.length; i++) {
            in[i] = i % FILM < columns;
        }
        return new Mask(FILM, FILM, in);
    }

    private static final Mask ALL = Mask.filled(FILM, FILM, true);

    /** Differ in all that edits can differ in; the second finds the first one's inversion. */
    private static List<EditRequest> requests() {
        return List.of(edit(1, ALL, "Cardiomegaly"), edit(1, left(16), "Pneumothorax").keepMask(left(8)),
                edit(2, left(20), "Effusion").prompt("Edema", 3).keepMask(left(12)).mode(Editor.Mode.RELEASED).seed(7)
                        .skipRatio(0.1),
                edit(1, ALL, "No effusion").steps(9).skipRatio(0.5).eta(0.5).invertPrompt("Normal"),
                edit(3, left(24), "Edema").steps(3).skipRatio(0));
    }

    private static void assertResult(Result expected, EditOutcome actual) {
        Result r = actual.get();
        assertArrayEquals(expected.latents().data(), r.latents().data());
        assertArrayEquals(expected.images().data(), r.images().data());
        assertEquals(expected.settings(), r.settings());
        assertEquals(expected.judgement(), r.judgement());
        assertNotNull(r.editDetails());
    }

    private static RadEdit open(String backend, int batch) {
        return RadEdit.open(MODEL, new RunOptions(backend, 2, batch));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void togetherOrAloneIsTheSameToTheBit(int batch) {
        List<Ear> together = check(MODEL, new RunOptions("cpu", 2, batch), EditsTogetherTest::requests,
                List.of(0, 1, 2, 3, 4));
        assertTrue(together.get(1).heard.contains("10 and 4"), "the inversion is shared: " + together.get(1).heard);
    }

    @Test
    void triesAreMadeTogether() {
        ModelFolder judged = MODEL.with(Part.TEXT_ENCODER, Fixtures.jointTextEncoder());
        List<Ear> together = check(judged, new RunOptions("cpu", 2, 0),
                () -> List.of(edit(3, ALL, "Edema").tries(2).minScore(1).seed(40),
                        edit(3, ALL, "Effusion").steps(3).seed(40)),
                List.of(1, 0));
        assertEquals(2, together.get(0).heard.stream().filter(h -> h.equals("14 and 0")).count());
    }

    /**
     * Checks that requests made together give what they give alone.
     *
     * @return what their listeners hear
     */
    private static List<Ear> check(ModelFolder model, RunOptions options, Supplier<List<EditRequest>> requests,
            List<Integer> finished) {
        List<Ear> alone = new ArrayList<>();
        List<Result> expected = new ArrayList<>();
        try (RadEdit radEdit = RadEdit.open(model, options)) {
            for (EditRequest r : requests.get()) {
                alone.add(new Ear());
                expected.add(radEdit.edit(r, alone.getLast()));
            }
        }
        List<Ear> together = alone.stream().map(e -> new Ear()).toList();
        Map<Integer, EditOutcome> outcomes = new LinkedHashMap<>();
        try (RadEdit radEdit = RadEdit.open(model, options)) {
            radEdit.editAll(requests.get(), together::get, outcomes::put);
        }
        assertEquals(finished, List.copyOf(outcomes.keySet()));
        for (int k = 0; k < expected.size(); k++) {
            assertResult(expected.get(k), outcomes.get(k));
            assertEquals(alone.get(k).heard, together.get(k).heard, "request " + k);
        }
        return together;
    }

    @Test
    void oneThatFailsLeavesTheOthers() {
        List<EditRequest> list = new ArrayList<>(requests().subList(0, 3));
        list.add(1, edit(2, ALL, "Too much").prompt("And more", 1e300));
        list.add(2, edit(2, ALL, "X").steps(-1));
        list.add(edit(2, Mask.filled(FILM, FILM, false), "X"));
        list.add(edit(2, ALL, "X").noise(Tensor.of(radedit.tensor.Shape.of(1), new double[1])));
        try (RadEdit radEdit = open("cpu", 0)) {
            List<EditOutcome> all = radEdit.editAll(list);
            assertInstanceOf(NotFiniteException.class, all.get(1).failure());
            assertInstanceOf(InvalidRequestException.class, all.get(2).failure());
            assertInstanceOf(InvalidInputException.class, all.get(5).failure());
            assertInstanceOf(InvalidInputException.class, all.get(6).failure());
            assertThrows(NotFiniteException.class, () -> all.get(1).get());
            try (RadEdit other = open("cpu", 0)) {
                assertResult(other.edit(requests().get(0)), all.get(0));
                assertResult(other.edit(requests().get(1)), all.get(3));
                assertResult(other.edit(requests().get(2)), all.get(4));
            }
            assertEquals(List.of(), radEdit.editAll(List.of()));
        }
    }

    /** The first one's listener cancels the second between two steps, so that the prediction for all is cancelled. */
    @ParameterizedTest
    @ValueSource(strings = {"encoding", "denoising", "decoding"})
    void oneThatIsCancelledLeavesTheOthers(String phase) {
        Cancellation token = new Cancellation();
        Cancellation before = new Cancellation();
        before.cancel();
        List<EditRequest> list = new ArrayList<>(requests().subList(0, 3));
        list.get(0).cancellation(new Cancellation());
        list.get(1).cancellation(token);
        list.add(edit(1, ALL, "X").cancellation(before));
        Listener canceller = new Listener() {
            @Override
            public void progress(String what, int done, int total) {
                if (what.equals(phase) && done == 1) {
                    token.cancel();
                }
            }
        };
        Map<Integer, EditOutcome> all = new TreeMap<>();
        try (RadEdit radEdit = open("cpu", 0); RadEdit other = open("cpu", 0)) {
            radEdit.editAll(list, k -> k == 0 ? canceller : Listener.NONE, all::put);
            assertInstanceOf(CancelledException.class, all.get(1).failure());
            assertInstanceOf(CancelledException.class, all.get(3).failure());
            assertResult(other.edit(requests().get(0)), all.get(0));
            assertResult(other.edit(requests().get(1)), radEdit.editAll(List.of(requests().get(1))).getFirst());
            assertResult(other.edit(requests().get(2)), all.get(2));
        }
    }

    @Test
    void aProbeSeesItsOwnRequestAndSizesAreKeptApart() {
        List<Integer> seen = new ArrayList<>();
        List<EditRequest> list = new ArrayList<>(requests().subList(0, 2));
        list.add(edit(2, ALL, "X").probe(Part.UNET, Probe.watching("conv_out", t -> seen.add(t.shape().dim(0)))));
        list.add(edit(2, ALL, "X").size(64));
        try (RadEdit radEdit = open("cpu", 0); RadEdit other = open("cpu", 0)) {
            List<EditOutcome> all = radEdit.editAll(list);
            assertEquals(List.of(4, 2, 2, 2, 2, 2), seen,
                    "four levels are inverted, and five steps of two branches done");
            assertEquals(64, all.get(3).get().images().shape().dim(3));
            assertResult(other.edit(edit(2, ALL, "X").size(64)), all.get(3));
            assertResult(other.edit(requests().get(1)), all.get(1));
        }
    }

    @Test
    void whatTheCallerThrowsEndsTheWork() {
        IllegalStateException mine = new IllegalStateException("the disk is full");
        try (RadEdit radEdit = open("cpu", 0)) {
            assertSame(mine, assertThrows(IllegalStateException.class,
                    () -> radEdit.editAll(requests().subList(0, 3), k -> Listener.NONE, (k, o) -> {
                        throw mine;
                    })));
            assertResult(radEdit.edit(requests().get(2)), radEdit.editAll(requests().subList(0, 3)).get(2));
            assertEquals(1, radEdit.editsTogether());
        }
        assertThrows(IllegalArgumentException.class, () -> new EditOutcome(null, null));
    }

    /** The cpu backend with little memory for latents, whose runs are counted, and refused where they are large. */
    private static final class Limited {
        private final Backend cpu = new RunOptions("cpu", 2, 0).open(Listener.NONE);
        private final long mostLatents;
        private final int mostAtOnce;
        private final List<Integer> runs = new ArrayList<>();
        private long reserved;

        Limited(long mostLatents, int mostAtOnce) {
            this.mostLatents = mostLatents;
            this.mostAtOnce = mostAtOnce;
        }

        Backend backend() {
            return proxy(Backend.class, (method, args) -> {
                switch (method.getName()) {
                    case "fits" -> {
                        return ((LiveData) args[1]).latentElements() <= mostLatents;
                    }
                    case "reserve" -> reserved = ((LiveData) args[1]).latentElements();
                    case "compile" -> {
                        return counting((Program) method.invoke(cpu, args));
                    }
                    default -> {}
                }
                return method.invoke(cpu, args);
            });
        }

        private Program counting(Program p) {
            return proxy(Program.class, (method, args) -> {
                if (args.length == 5) {
                    int n = ((List<?>) args[1]).size();
                    runs.add(n);
                    if (n > mostAtOnce) {
                        throw new BackendException("a launch failed");
                    }
                }
                return method.invoke(p, args);
            });
        }
    }

    private interface Call {
        Object of(Method method, Object[] args) throws IllegalAccessException, InvocationTargetException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (self, method, args) -> {
            try {
                return call.of(method, args == null ? new Object[0] : args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    /** Serves three requests and checks what comes of them. */
    private static List<String> serve(Limited limited) {
        Ear ear = new Ear();
        Map<Integer, EditOutcome> all = new TreeMap<>();
        Backend backend = limited.backend();
        try (backend; ModelParts parts = new ModelParts(MODEL, backend, true, Listener.NONE)) {
            FilmCache cache = new FilmCache();
            MemoryCheck memory = new MemoryCheck(backend, parts, 0, 0);
            new Edits(new Networks(parts, backend, 0, new RunTrace(Recorder.NONE)), cache, memory,
                    new Judges(MODEL, parts, backend, cache),
                    new Edits.Surroundings() {
                        @Override
                        public void begin(Listener listener) {
                        }

                        @Override
                        public void prepared() {
                        }

                        @Override
                        public Map<String, Object> complete(Map<String, Object> s, SamplingRequest<?> r, int side) {
                            return s;
                        }
                    }).serve(requests().subList(0, 3), Collections.nCopies(3, ear), all::put);
        }
        try (RadEdit other = open("cpu", 0)) {
            for (int k = 0; k < 3; k++) {
                assertArrayEquals(other.edit(requests().get(k)).images().data(), all.get(k).get().images().data());
            }
        }
        return ear.notes;
    }

    /** Latents of the three requests: for each step a level and its noise, for an inversion seven predictions, and so on. */
    private static final int LATENTS = 2 * (2 * 5 + 1 + 7 + 3 + 2 + 8) + 2 * 6 + 1 + 7 + 3 + 3 + 8;

    @Test
    void oneRunServesAStepOfAll() {
        Limited l = new Limited(Long.MAX_VALUE, 8);
        assertEquals(List.of(), serve(l));
        // Inversions of 4 levels, none and 5 in one run of at most 7, which is what a step of all needs; of their 5, 5 and
        // 6 steps, five are done together.
        assertEquals(List.of(4, 5, 7, 7, 7, 7, 7, 3), l.runs);
        assertEquals(0, l.reserved % (LATENTS * 4), "latents of four channels: " + l.reserved);
    }

    @Test
    void fewerAreSampledTogetherWhereMemoryIsShort() {
        Limited ample = new Limited(Long.MAX_VALUE, 8);
        serve(ample);
        // With runs of one latent, three edits would need six latents less for each; two need 56 in runs of four.
        Limited l = new Limited(ample.reserved / LATENTS * (LATENTS - 18) - 1, 8);
        assertEquals(List.of("memory is short: of 3 edits, 2 are sampled at a time"), serve(l));
        assertEquals(List.of(4, 4, 4, 4, 4, 4, 4, 1, 3, 3, 3, 3, 3, 3), l.runs);
    }

    @Test
    void whereARunForAllFailsEachIsRunAlone() {
        Limited l = new Limited(Long.MAX_VALUE, 5);
        assertEquals(List.of("edits cannot be sampled together (a launch failed); each is sampled alone"), serve(l));
        assertEquals(7, l.runs.get(2));
        assertEquals(1, l.runs.stream().filter(n -> n == 7).count(), "it is not tried again");
    }
}
