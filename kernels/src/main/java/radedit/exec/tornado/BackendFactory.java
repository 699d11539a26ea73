package radedit.exec.tornado;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/** Opens backends according to system properties and options. */
final class BackendFactory {
    /** System property: number of the device, as listed by 'radedit devices'. */
    private static final String DEVICE = "radedit.tornado.device";
    /** System property, for tests: limit of a single allocation, in bytes; by default the device's. */
    private static final String PIECE = "radedit.tornado.piece";
    /**
     * System property, for tests and measurements: tile size of all GEMMs, 64 or 128; by default chosen for each GEMM.
     */
    private static final String TILE = "radedit.tornado.tile";
    /** System property: on, off or auto, see {@link Winograd}; by default chosen by device. */
    private static final String WINOGRAD = "radedit.tornado.winograd";

    /** Least device memory for Winograd: transformed weights are 1.8 times as large as in the file. */
    private static final long WINOGRAD_MEMORY = 11L << 30;

    private BackendFactory() {
    }

    static List<String> devices() {
        return DeviceThread.call(() -> DeviceDiscovery.devices().stream().map(DeviceInfo::describe).toList());
    }

    /**
     * @throws BackendException
     *             if there is no such device, it does not support the options, or it is in use with other compiler flags
     */
    static TornadoBackend backend(BackendOptions options) {
        return DeviceThread.call(() -> {
            List<TornadoDevice> devices = DeviceDiscovery.devices();
            int number = choose(devices);
            TornadoDevice d = devices.get(number);
            long allocationLimit = Long.getLong(PIECE, 0);
            DeviceContext context = DeviceContext.of(number, d, CompilerFlags.of(d, options.fastMath()),
                    allocationLimit == 0 ? d.getMaxAllocMemory() : allocationLimit);
            return new TornadoBackend(context, policy(d), options.progress());
        });
    }

    /** Index of the device selected by the property, else of the first GPU, else of the first device. */
    private static int choose(List<TornadoDevice> devices) {
        String asked = System.getProperty(DEVICE);
        if (asked != null) {
            if (!asked.matches("\\d{1,3}") || Integer.parseInt(asked) >= devices.size()) {
                throw new BackendException(DEVICE + ": there is no device number '" + asked
                        + "'; 'radedit devices' lists them");
            }
            return Integer.parseInt(asked);
        }
        for (int i = 0; i < devices.size(); i++) {
            if (devices.get(i).getDeviceType() == TornadoDeviceType.GPU) {
                return i;
            }
        }
        return 0;
    }

    private static TilePolicy policy(TornadoDevice d) {
        int tile = Integer.getInteger(TILE, 0);
        boolean processor = d.getDeviceType() == TornadoDeviceType.CPU;
        int units = tile == 64 || tile == 0 && processor
                ? TilePolicy.NARROW
                : tile == 128 ? 0 : d.getPhysicalDevice().getDeviceMaxComputeUnits();
        return new TilePolicy(units, winograd(!processor && DeviceContext.available(d) >= WINOGRAD_MEMORY),
                TilePolicy.PLANES);
    }

    private static Winograd winograd(boolean suits) {
        String asked = System.getProperty(WINOGRAD);
        if (asked == null) {
            return suits ? Winograd.AUTO : Winograd.OFF;
        }
        return Arrays.stream(Winograd.values()).filter(w -> w.name().equalsIgnoreCase(asked)).findFirst()
                .orElseThrow(() -> new BackendException(WINOGRAD + " must be on, off or auto, not '" + asked + "'"));
    }

    /** Compiles and tests all kernels; returns a line with the time it took. */
    static String prepare(BackendOptions options) {
        return DeviceThread.call(() -> {
            long[] compiled = {0};
            BackendOptions timed = new BackendOptions(options.threads(), options.fastMath(), (phase, done, total) -> {
                options.progress().step(phase, done, total);
                compiled[0] = System.nanoTime();
            });
            long start = System.nanoTime();
            try (TornadoBackend backend = backend(timed)) {
                backend.reservation().allFormats();
                backend.test();
                long end = System.nanoTime();
                return String.format(Locale.ROOT,
                        "%s: kernels compiled in %.1f s and tested in %.1f s; a call takes %.0f us", backend.describe(),
                        (compiled[0] - start) / 1e9, (end - compiled[0]) / 1e9, 1e6 * backend.secondsACall());
            }
        });
    }
}
