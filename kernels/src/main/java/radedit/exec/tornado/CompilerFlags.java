package radedit.exec.tornado;

import radedit.exec.BackendException;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * Compiler flags that determine a device's arithmetic. The package's description gives the resulting accuracy of each
 * operation.
 *
 * @param text
 *            flags of a driver that takes OpenCL's; null for other drivers, to which TornadoVM passes none that affect
 *            arithmetic
 */
record CompilerFlags(String text) {
    /** Without it OpenCL allows an error of 2.5 ulp in a division and 3 ulp in a square root. */
    private static final String ROUNDED = "-cl-fp32-correctly-rounded-divide-sqrt ";
    private static final String NO_WARNINGS = "-w";
    private static final String FAST = "-cl-mad-enable -cl-fast-relaxed-math " + NO_WARNINGS;

    /** CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT of CL_DEVICE_SINGLE_FP_CONFIG. */
    private static final long ROUNDS_CORRECTLY = 1 << 7;

    /** TornadoVM's options that replace operations by approximations, whatever the driver's flags. */
    private static final String[] APPROXIMATIONS = {"tornado.enable.nativeFunctions",
            "tornado.enable.mathOptimizations",
            "tornado.enable.fastMathOptimizations"};

    /** Turns TornadoVM's approximations off. Call before its runtime is loaded, which reads these options once. */
    static void forbidApproximations() {
        for (String option : APPROXIMATIONS) {
            System.setProperty(option, "False");
        }
    }

    /**
     * @param fast
     *            whether the compiler may reorder sums and use approximate functions
     * @throws BackendException
     *             if that is requested and the driver takes no such flag
     */
    static CompilerFlags of(TornadoDevice device, boolean fast) {
        TornadoVMBackendType driver = device.getTornadoVMBackend();
        if (fast && driver != TornadoVMBackendType.OPENCL) {
            throw new BackendException("fast math requires an OpenCL driver; TornadoVM uses " + driver
                    + " for this device and passes its compiler no such flag");
        }
        return switch (driver) {
            case OPENCL -> {
                boolean rounds = (DeviceInfo.number(device, "getDeviceSingleFPConfig") & ROUNDS_CORRECTLY) != 0;
                yield new CompilerFlags(fast ? FAST : rounds ? ROUNDED + NO_WARNINGS : NO_WARNINGS);
            }
            // The flags that TornadoVM passes by default allow fast maths.
            case SPIRV -> new CompilerFlags(NO_WARNINGS);
            default -> new CompilerFlags(null);
        };
    }

    /** For metadata. */
    String describe() {
        return text == null ? "no compiler flags" : "compiler flags " + text;
    }
}
