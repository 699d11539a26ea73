package radedit.exec.tornado;

import java.util.Arrays;
import java.util.List;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import radedit.exec.BackendProvider;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;

/** Offers the GPU; only when asked for, because it wants a JVM started with TornadoVM's runtime. */
public final class TornadoProvider implements BackendProvider {
    /** System property: number of the device, as 'radedit devices' lists them. */
    private static final String DEVICE = "radedit.tornado.device";
    /** System property: the most bytes in one piece, for tests; what the device says otherwise. */
    private static final String PIECE = "radedit.tornado.piece";
    /** System property: columns of the tiles of products, 64 or 128, for tests and measurements; chosen for each otherwise. */
    private static final String TILE = "radedit.tornado.tile";

    /** System property: on, off or auto, which convolutions {@link Winograd} makes; chosen by the device otherwise. */
    private static final String WINOGRAD = "radedit.tornado.winograd";

    @Override
    public String name() {
        return "tornado";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public String prepare(BackendOptions options) {
        try (TornadoBackend backend = backend(options)) {
            long start = System.nanoTime();
            backend.prepare(Needs.NONE, -1);
            double compiling = (System.nanoTime() - start) / 1e9;
            String described = backend.describe();
            SelfTest.run(backend);
            double testing = (System.nanoTime() - start) / 1e9 - compiling;
            return String.format("%s: kernels compiled in %.1f s and tested in %.1f s; a call takes %.0f us",
                    described, compiling, testing, 1e6 * backend.device().secondsACall());
        }
    }

    private static TornadoBackend backend(BackendOptions options) {
        return new TornadoBackend(choose(Runtimes.devices()), options, Long.getLong(PIECE, 0),
                Integer.getInteger(TILE, 0), winograd());
    }

    private static Winograd winograd() {
        String asked = System.getProperty(WINOGRAD);
        return asked == null
                ? null
                : Arrays.stream(Winograd.values()).filter(w -> w.name().equalsIgnoreCase(asked)).findFirst()
                        .orElseThrow(() -> new BackendException(WINOGRAD + " is on, off or auto, not '" + asked + "'"));
    }

    @Override
    public Backend open(BackendOptions options) {
        TornadoBackend backend = backend(options);
        try {
            Tested.require(backend, () -> backend(options));
            return backend;
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    @Override
    public List<String> devices() {
        return Runtimes.devices().stream().map(Runtimes::describe).toList();
    }

    /** The one asked for, else the first GPU, else the first device. */
    private static TornadoDevice choose(List<TornadoDevice> devices) {
        String asked = System.getProperty(DEVICE);
        if (asked != null) {
            if (!asked.matches("\\d{1,3}") || Integer.parseInt(asked) >= devices.size()) {
                throw new BackendException("there is no GPU number '" + asked + "'; 'radedit devices' lists them");
            }
            return devices.get(Integer.parseInt(asked));
        }
        return devices.stream().filter(d -> d.getDeviceType() == TornadoDeviceType.GPU).findFirst()
                .orElse(devices.getFirst());
    }
}
