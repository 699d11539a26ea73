package radedit.exec.tornado;

import radedit.exec.BackendException;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * How a device's driver is told to compile arithmetic.
 *
 * @param flags
 *            for an OpenCL driver; null for the other drivers, to which TornadoVM passes none
 */
record Arithmetic(String flags) {
    /** Without it OpenCL allows a division 2.5 ulp, and a square root 3. */
    private static final String ROUNDED = "-cl-fp32-correctly-rounded-divide-sqrt ";
    private static final String NO_WARNINGS = "-w";
    private static final String FAST = "-cl-mad-enable -cl-fast-relaxed-math " + NO_WARNINGS;

    /** CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT of CL_DEVICE_SINGLE_FP_CONFIG. */
    private static final long ROUNDS_CORRECTLY = 1 << 7;

    /** TornadoVM's options that would replace operations by approximations, whatever the driver's flags are. */
    private static final String[] APPROXIMATIONS = {"tornado.enable.nativeFunctions", "tornado.enable.mathOptimizations",
            "tornado.enable.fastMathOptimizations"};

    /** Turns TornadoVM's approximations off; before its runtime is loaded, which reads these once. */
    static void forbidApproximations() {
        for (String option : APPROXIMATIONS) {
            System.setProperty(option, "False");
        }
    }

    /**
     * @param fast
     *            whether the driver may reorder sums and use approximate functions
     * @throws BackendException
     *             if that is asked for and the driver cannot be told
     */
    static Arithmetic of(TornadoDevice device, boolean fast) {
        if (device.getTornadoVMBackend() != TornadoVMBackendType.OPENCL) {
            if (fast) {
                throw new BackendException("--fast-math works with an OpenCL driver only; TornadoVM drives this device by "
                        + device.getTornadoVMBackend() + ", whose compiler it passes no such flags");
            }
            return new Arithmetic(null);
        }
        boolean rounds = (Runtimes.number(device, "getDeviceSingleFPConfig") & ROUNDS_CORRECTLY) != 0;
        return new Arithmetic(fast ? FAST : rounds ? ROUNDED + NO_WARNINGS : NO_WARNINGS);
    }

    /** For metadata. */
    String describe() {
        return flags == null ? "TornadoVM's compiler flags" : "compiler flags " + flags;
    }
}
