package radedit.exec.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import radedit.exec.BackendException;
import radedit.exec.Backends;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** TornadoVM's runtime, if this JVM was started with it, and the devices it found. */
final class Runtimes {
    private static final String IMPLEMENTATION = "tornado.load.runtime.implementation";

    /** TornadoVM's property for where generated source goes. */
    private static final String SOURCES = "tornado.print.kernel.dir";

    private Runtimes() {
    }

    /**
     * All devices, in TornadoVM's order.
     *
     * @throws BackendException
     *             if there is none, telling why and what to do
     */
    static List<TornadoDevice> devices() {
        List<TornadoDevice> all = new ArrayList<>();
        TornadoRuntime runtime = runtime();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            TornadoBackend backend = runtime.getBackend(b);
            for (int d = 0; d < backend.getNumDevices(); d++) {
                all.add(backend.getDevice(d));
            }
        }
        if (all.isEmpty()) {
            throw new BackendException("TornadoVM's runtime is there but finds no device;"
                    + " is the GPU visible to this user (clinfo or nvidia-smi lists it), and is its driver loaded?");
        }
        return all;
    }

    private static TornadoRuntime runtime() {
        if (System.getProperty(IMPLEMENTATION) == null
                || ModuleLayer.boot().findModule("tornado.runtime").isEmpty()) {
            String sdk = System.getenv("TORNADOVM_HOME");
            if (sdk == null || !Files.isDirectory(Path.of(sdk, "share", "java", "tornado"))) {
                throw new BackendException(radedit.exec.TornadoSdk.fault());
            }
            throw new BackendException("this JVM was started without TornadoVM's runtime;"
                    + " start with the radedit launcher, or with java @$TORNADOVM_HOME/tornado-argfile");
        }
        // By default a failure on the device becomes a silent run in Java, or zeros.
        System.setProperty("tornado.recover.bailout", "False");
        // The generated source goes to a file, whose hash belongs to the results.
        if (System.getProperty(SOURCES) == null) {
            System.setProperty(SOURCES, sources().toString());
        }
        // A limit of TornadoVM's own; what the device has is asked of the device.
        System.setProperty("tornado.device.memory", "1024GB");
        try {
            TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
            if (runtime != null && runtime.getNumBackends() > 0) {
                return runtime;
            }
        } catch (LinkageError | RuntimeException e) {
            throw new BackendException("TornadoVM's runtime does not start (" + root(e)
                    + "); it needs the GPU's driver: an OpenCL driver (libOpenCL.so and a file in /etc/OpenCL/vendors),"
                    + " or CUDA where the SDK is for CUDA", e);
        }
        throw new BackendException("TornadoVM's runtime has no backend; install an SDK for OpenCL or CUDA");
    }

    /** A file for the source of the kernels, which goes when the program ends. */
    private static Path sources() {
        try {
            Path file = Files.createTempFile("radedit", ".kernels");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The source of all kernels generated so far; nothing where the runtime has written none. */
    static byte[] generated() {
        try {
            Path file = Path.of(System.getProperty(SOURCES));
            return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String root(Throwable e) {
        Throwable t = e;
        while (t.getCause() != null && t.getCause() != t) {
            t = t.getCause();
        }
        String said = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
        return said.lines().findFirst().orElse("").replaceAll("\u001b\\[[\\d;]*m", "");
    }

    /** What compiles for a device: TornadoVM's version and what the driver says of itself. */
    static String version(TornadoDevice d) {
        String own = TornadoDevice.class.getModule().getDescriptor().rawVersion().orElse("unknown");
        return "TornadoVM " + own + " with " + d.getTornadoVMBackend() + " " + d.getDeviceOpenCLCVersion().strip();
    }

    /** A device in words. */
    static String describe(TornadoDevice d) {
        return d.getPhysicalDevice().getDeviceName().strip() + " (" + d.getPlatformName().strip() + ", "
                + (d.getMaxGlobalMemory() >> 20) + " MB)";
    }
}
