package radedit.exec.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import radedit.exec.BackendException;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** The error bounds in the package's description hold on this device, for a million operands of each operation. */
class TornadoRoundingTest {
    private static final int N = 1 << 20;
    private static final int DIVISION = 0;
    private static final int ROOT = 1;
    private static final int INVERSE_ROOT = 2;
    private static final int EXP = 3;
    private static final int SUM = 4;
    private static final int PRODUCT = 5;
    private static final int KINDS = 6;

    private final TornadoDevice device = DeviceDiscovery.devices().getFirst();

    /** The operations, as kernels use them. */
    static void operations(KernelContext ctx, FloatArray a, FloatArray b, FloatArray out) {
        int i = ctx.globalIdx;
        int at = KINDS * i;
        float x = a.get(i);
        float y = b.get(i);
        out.set(at + DIVISION, x / y);
        out.set(at + ROOT, TornadoMath.sqrt(TornadoMath.abs(x)));
        out.set(at + INVERSE_ROOT, 1f / TornadoMath.sqrt(TornadoMath.abs(x)));
        out.set(at + EXP, TornadoMath.exp(y));
        out.set(at + SUM, x + y);
        out.set(at + PRODUCT, x * y);
    }

    private static FloatArray operands(int seed, double range) {
        Random r = new Random(seed);
        FloatArray a = new FloatArray(N);
        for (int i = 0; i < N; i++) {
            a.set(i, (float) (range > 0
                    ? (2 * r.nextDouble() - 1) * range
                    : r.nextGaussian() * Math.pow(2, r.nextInt(60) - 30)));
        }
        return a;
    }

    private FloatArray run(FloatArray a, FloatArray b, CompilerFlags arithmetic) {
        return DeviceThread.call(() -> {
            FloatArray out = new FloatArray(KINDS * N);
            TaskGraph g = new TaskGraph("rounding").transferToDevice(DataTransferMode.EVERY_EXECUTION, a, b)
                    .task("t", TornadoRoundingTest::operations, new KernelContext(), a, b, out)
                    .transferToHost(DataTransferMode.EVERY_EXECUTION, out);
            WorkerGrid1D grid = new WorkerGrid1D(N);
            grid.setLocalWork(256, 1, 1);
            try (TornadoExecutionPlan plan = new TornadoExecutionPlan(g.snapshot())) {
                plan.withDevice(device);
                if (arithmetic.text() != null) {
                    plan.withCompilerFlags(TornadoVMBackendType.OPENCL, arithmetic.text());
                }
                plan.withPrintKernel();
                plan.withGridScheduler(new GridScheduler("rounding.t", grid)).execute();
            } catch (TornadoExecutionPlanException e) {
                throw new IllegalStateException(e);
            }
            return out;
        });
    }

    /**
     * Largest distance from the exact result, in ulp of the result rounded to float; correctly rounded is half an ulp.
     */
    private static double worst(FloatArray a, FloatArray b, FloatArray out, int kind, DoubleBinaryOperator exact) {
        double worst = 0;
        for (int i = 0; i < N; i++) {
            double e = exact.applyAsDouble(a.get(i), b.get(i));
            double ours = out.get(KINDS * i + kind);
            if (Math.abs(e) <= Float.MAX_VALUE && Math.abs(e) >= Float.MIN_NORMAL) {
                worst = Math.max(worst, Math.abs(ours - e) / Math.ulp((float) e));
            }
        }
        return worst;
    }

    @Test
    void operationsAreAsGoodAsTheDescriptionSays() {
        long before = GeneratedSource.length();
        CompilerFlags strict = CompilerFlags.of(device, false);
        boolean rounded = strict.describe().contains("correctly-rounded");
        FloatArray a = operands(1, 0);
        FloatArray b = operands(2, 80);
        FloatArray out = run(a, b, strict);
        // The exact results are rounded to double first, which is innocuous for these operations.
        double half = 0.5 + 1e-6;
        check("sum", half, worst(a, b, out, SUM, (x, y) -> x + y));
        check("product", half, worst(a, b, out, PRODUCT, (x, y) -> x * y));
        check("division", rounded ? half : 2.5, worst(a, b, out, DIVISION, (x, y) -> x / y));
        check("square root", rounded ? half : 3, worst(a, b, out, ROOT, (x, y) -> Math.sqrt(Math.abs(x))));
        // A root and a division, each rounded: half an ulp of the root is at most one of its inverse.
        check("inverse square root", rounded ? 1.5 : 6,
                worst(a, b, out, INVERSE_ROOT, (x, y) -> 1 / Math.sqrt(Math.abs(x))));
        check("exponential", 3, worst(a, b, out, EXP, (x, y) -> StrictMath.exp(y)));
        String source = GeneratedSource.after(before);
        assertTrue(source.contains("sqrt("), source);
        assertFalse(source.contains("native_") || source.contains("rsqrt"), source);
    }

    private static void check(String what, double bound, double worst) {
        System.out.printf("rounding: %s within %.3f ulp%n", what, worst);
        assertTrue(worst <= bound, () -> what + ": " + worst + " ulp");
    }

    @Test
    void flagsAreThoseThatTheDeviceKnows() {
        if (device.getTornadoVMBackend() == TornadoVMBackendType.OPENCL) {
            boolean knows = (DeviceInfo.number(device, "getDeviceSingleFPConfig") & 1 << 7) != 0;
            assertEquals(knows, CompilerFlags.of(device, false).text().contains("correctly-rounded"));
            assertTrue(CompilerFlags.of(device, true).text().contains("-cl-fast-relaxed-math"));
        }
    }

    /** Fast maths must not be recorded in metadata where it has no effect. */
    @ParameterizedTest
    @EnumSource(value = TornadoVMBackendType.class, names = {"CUDA", "PTX", "SPIRV", "METAL"})
    void fastMathIsRefusedWhereItWouldDoNothing(TornadoVMBackendType driver) {
        TornadoDevice other = (TornadoDevice) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{TornadoDevice.class},
                (proxy, method, args) -> method.getName().equals("getTornadoVMBackend") ? driver : null);
        assertFalse(CompilerFlags.of(other, false).describe().contains("fast"), driver::toString);
        BackendException e = assertThrows(BackendException.class, () -> CompilerFlags.of(other, true));
        assertTrue(e.getMessage().startsWith("fast math requires an OpenCL driver"), e.getMessage());
    }

    /** Another driver needs another self-test. */
    @Test
    void theDriversVersionIsToldAndNotThatOfItsLanguage() throws ReflectiveOperationException {
        Object physical = device.getPhysicalDevice();
        String driver = physical.getClass().getMethod("getDriverVersion").invoke(physical).toString();
        assertTrue(DeviceInfo.version(device).endsWith(", driver " + driver.strip()), DeviceInfo.version(device));
    }
}
