package radedit.exec.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import radedit.graph.Activation;
import radedit.graph.Op;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Every kernel's arguments have a slot each, whatever the function or mode. */
class TornadoLaunchTest {
    private static final Offset.Values X = new Offset.Values(101);
    private static final Offset.Values Y = new Offset.Values(102);
    private static final Offset.Values Z = new Offset.Values(103);
    private static final Offset.Values OUT = new Offset.Values(104);
    private static final Offset.Tables A = new Offset.Tables(201);
    private static final Offset.Tables B = new Offset.Tables(202);
    private static final Offset.Latents L = new Offset.Latents(301);
    private static final Offset.Latents M = new Offset.Latents(302);
    private static final Offset.Latents N = new Offset.Latents(303);
    private static final Offset.Latents TO = new Offset.Latents(304);
    private static final DeviceWeights.Place PLACE = new DeviceWeights.Place(0, 401, WeightFormat.FLOAT32);
    private static final Shape SHAPE = Shape.of(3, 5, 7, 11);
    private static final GemmEpilogue EPILOGUE = new GemmEpilogue(OUT, 501, 502, A, Y, 503, Z, Activation.RELU, true);
    private static final FeatureMap INPUT = new FeatureMap(X, 511, 512, 513, true);

    private static List<KernelArguments> all() {
        WinogradTiles tiles = new WinogradTiles(521, 522, 523, Z);
        GroupNorm.Input normed = new GroupNorm.Input(X, 4, Y, Shape.of(3, 5, 8), 2);
        Attention attention = new Attention(X, Y, Z, new Offset.Values(105), OUT, 2, 541, 542, 128, 2, A);
        Rounding rounding = new Rounding(Precision.FP16, B);
        Stream<KernelArguments> gemms = Stream.of(
                new Gemm(Kernel.GEMM_64, 531, INPUT, new Gemm.Second(new Offset.Values(105), 532),
                        new Gemm.Window(3, 533, 534, 535, 536), new Gemm.Weights(PLACE, B, 537, 538), EPILOGUE),
                new WinogradInput(INPUT, tiles), new WinogradOutput(INPUT, tiles, EPILOGUE),
                attention, new RoundedAttention(attention, rounding));
        Stream<KernelArguments> norms = Stream.concat(
                GroupNorm
                        .passes(normed, Z, new GroupNorm.Parameters(A, B, new Offset.Tables(203)), Activation.SILU, OUT)
                        .stream(),
                Stream.of(new RowNorm(new RowNorm.Form.Layer(A, B), X, SHAPE, new Offset.Tables(203), OUT),
                        new RowNorm(new RowNorm.Form.Euclidean(), X, SHAPE, A, OUT)));
        Stream<KernelArguments> elementwise = Stream
                .of(new Elementwise.Function.Activate(Activation.GELU), new Elementwise.Function.Add(Y),
                        new Elementwise.Function.AddVector(Y), new Elementwise.Function.AddSample(Y),
                        new Elementwise.Function.ScaleShift(Y, Z), new Elementwise.Function.Affine(A, B),
                        new Elementwise.Function.Geglu())
                .map(f -> new Elementwise(f, X, OUT, SHAPE));
        Stream<KernelArguments> rows = Stream.of(
                new CopyRows(X, 551, new CopyRows.Rows.Strided(552, 553), OUT, 554, 555, 556),
                new CopyRows(A, 551, new CopyRows.Rows.Gather(Y), OUT, 554, 555, 556),
                new CopyRows(X, 551, new CopyRows.Rows.Nearest(A, B, SHAPE, Shape.of(3, 13, 17, 11)), OUT, 554, 555,
                        556),
                new MaxPool(new Op.MaxPool(561, 562, 563), X, SHAPE, OUT, Shape.of(3, 13, 17, 11)),
                new MeanPool(X, SHAPE, OUT), new RoundValues(rounding, X, OUT, 557));
        Stream<KernelArguments> latents = Stream
                .of(new LatentOperation.Function.Sum(
                        Stream.generate(() -> LatentOperation.Term.of(L, 0.5)).limit(LatentOperation.MOST_TERMS)
                                .toList(),
                        TO),
                        new LatentOperation.Function.Select(L, M, N, TO),
                        new LatentOperation.Function.Clamp(LatentOperation.Term.of(L, 3), TO),
                        new LatentOperation.Function.ToValues(L, OUT), new LatentOperation.Function.ToLatents(X, TO))
                .map(f -> new LatentOperation(f, 571));
        Stream<KernelArguments> stores = Stream.of(new StoreKernels.Make(581), new StoreKernels.Store(X, 582),
                new StoreKernels.Store(A, 582), new StoreKernels.Store(L, 582),
                new StoreKernels.StoreWeights(PLACE, 583, new WeightLayout(584, 585, 586, 587)),
                new StoreKernels.Clear(588, 589));
        return Stream.of(gemms, norms, elementwise, rows, latents, stores).flatMap(s -> s).toList();
    }

    @Test
    void everyKernelIsHere() {
        Set<Class<?>> here = all().stream().map(Object::getClass).collect(Collectors.toSet());
        Stream<Class<?>> launches = Arrays.stream(Launch.class.getPermittedSubclasses());
        Stream<Class<?>> stores = Arrays.stream(KernelArguments.class.getPermittedSubclasses())
                .filter(c -> c != Launch.class);
        assertEquals(Stream.concat(launches, stores).collect(Collectors.toSet()), here);
    }

    /** {@link Slots} refuses a slot that is set twice. */
    @Test
    void argumentsShareNoSlot() {
        all().forEach(Slots::of);
        assertThrows(IllegalStateException.class, () -> new Slots().set(4, 1).set(4, 1));
    }

    /** Each number of 100 or more in a record, unlike modes, flags and sizes, is in one of the slots. */
    @Test
    void everyArgumentReachesTheKernel() throws ReflectiveOperationException {
        for (KernelArguments a : all()) {
            IntArray slots = new IntArray(Slots.COUNT);
            Slots.of(a).copyTo(slots);
            Set<Integer> arrived = Arrays.stream(slots.toHeapArray()).boxed().collect(Collectors.toSet());
            Set<Integer> given = new HashSet<>();
            collect(a, given);
            assertFalse(given.isEmpty(), a.toString());
            assertTrue(arrived.containsAll(given), () -> a + " " + arrived);
            assertTrue(a.grid().groups() > 0, a.toString());
        }
    }

    private static void collect(Object o, Set<Integer> to) throws ReflectiveOperationException {
        if (o instanceof Integer i && i >= 100) {
            to.add(i);
        } else if (o instanceof List<?> l) {
            for (Object each : l) {
                collect(each, to);
            }
        } else if (o instanceof Record r) {
            for (RecordComponent c : r.getClass().getRecordComponents()) {
                c.getAccessor().setAccessible(true);
                collect(c.getAccessor().invoke(r), to);
            }
        }
    }
}
