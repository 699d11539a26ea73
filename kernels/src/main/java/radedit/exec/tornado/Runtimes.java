package radedit.exec.tornado;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import radedit.exec.BackendException;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** TornadoVM's runtime, in a JVM that was started with it, and the devices it finds. */
final class Runtimes {
    private static final String SEE_DRIVER = "'clinfo -l' or 'nvidia-smi' tell whether the GPU's driver is installed and this user"
            + " may use it";
    /** Says which version of NVIDIA's kernel module is loaded. */
    private static final Path NVIDIA = Path.of("/proc/driver/nvidia/version");

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
        return DeviceThread.call(() -> {
            List<TornadoDevice> all = new ArrayList<>();
            TornadoRuntime runtime = runtime();
            for (int b = 0; b < runtime.getNumBackends(); b++) {
                TornadoBackend backend = runtime.getBackend(b);
                for (int d = 0; d < backend.getNumDevices(); d++) {
                    all.add(backend.getDevice(d));
                }
            }
            if (all.isEmpty()) {
                throw new BackendException("TornadoVM's runtime starts but finds no device; " + SEE_DRIVER);
            }
            return all;
        });
    }

    private static TornadoRuntime runtime() {
        // By default a failure on the device becomes a silent run in Java, or zeros.
        System.setProperty("tornado.recover.bailout", "False");
        Arithmetic.forbidApproximations();
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
            String said = root(e);
            throw new BackendException("TornadoVM's runtime does not start (" + said + "): " + remedy(said), e);
        }
        throw new BackendException("TornadoVM's runtime has no driver for devices; install an SDK for OpenCL or CUDA");
    }

    /** What to do about a message of the runtime. */
    private static String remedy(String said) {
        if (said.contains("platforms found")) {
            return "install the GPU's OpenCL driver, which has a file in /etc/OpenCL/vendors; " + SEE_DRIVER;
        }
        boolean natives = Arrays.stream(System.getProperty("java.library.path", "").split(File.pathSeparator))
                .map(Path::of).anyMatch(Runtimes::holdsNatives);
        if (!natives) {
            return "the SDK that TORNADOVM_HOME names has no natives in its folder lib; install it anew";
        }
        return said.contains("JNI")
                ? "the SDK's natives need libOpenCL.so.1, or NVIDIA's driver and CUDA toolkit where the SDK is for CUDA"
                : SEE_DRIVER;
    }

    private static boolean holdsNatives(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(f -> f.getFileName().toString().contains("tornado"));
        } catch (IOException e) {
            return false; // no folder
        }
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

    /** Bytes of source generated so far. */
    static long generated() {
        try {
            Path file = Path.of(System.getProperty(SOURCES));
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The source generated after the first {@code from} bytes; empty where the runtime has written none. */
    static String generatedAfter(long from) {
        if (generated() <= from) {
            return "";
        }
        try (FileChannel c = FileChannel.open(Path.of(System.getProperty(SOURCES)))) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(c.size() - from));
            while (bytes.hasRemaining() && c.read(bytes, from + bytes.position()) >= 0) {
                // until all is read
            }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
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
        return said.lines().findFirst().orElse("").replaceAll("\u001b\\[[\\d;]*m", "").replaceAll("^\\[\\w+] *", "")
                .replace(" Deoptimizing to sequential execution.", "");
    }

    /** What compiles for a device: TornadoVM's version, the kind of driver and the driver's own version. */
    static String version(TornadoDevice d) {
        String own = TornadoDevice.class.getModule().getDescriptor().rawVersion().orElse("unknown");
        return "TornadoVM " + own + " with " + d.getTornadoVMBackend() + ", driver " + driver(d);
    }

    /**
     * The version of a device's driver. TornadoVM's CUDA backends know at most that of CUDA, so that of NVIDIA's kernel module
     * is told too.
     */
    private static String driver(TornadoDevice d) {
        StringBuilder all = new StringBuilder();
        Object version = query(d.getPhysicalDevice(), "getDriverVersion");
        all.append(version == null ? d.getDeviceOpenCLCVersion() : version.toString().strip());
        if (d.getTornadoVMBackend() == TornadoVMBackendType.CUDA || d.getTornadoVMBackend() == TornadoVMBackendType.PTX) {
            try (Stream<String> lines = Files.lines(NVIDIA)) {
                lines.findFirst().ifPresent(l -> all.append(" (").append(l.strip()).append(')'));
            } catch (IOException | UncheckedIOException e) {
                // not Linux, or not NVIDIA's module
            }
        }
        return all.toString();
    }

    /** A number that only some of TornadoVM's drivers know of a device; 0 from the others. */
    static long number(TornadoDevice d, String method) {
        return query(d.getPhysicalDevice(), method) instanceof Number n ? n.longValue() : 0;
    }

    /** What a driver's class answers that TornadoVM's API does not offer; null if it has no such method. */
    private static Object query(Object device, String method) {
        try {
            return device.getClass().getMethod(method).invoke(device);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** A device's name and that of its platform. */
    static String name(TornadoDevice d) {
        return d.getPhysicalDevice().getDeviceName().strip() + " (" + d.getPlatformName().strip() + ")";
    }

    /** A device in words, with its memory, which some platforms reckon by what is free. */
    static String describe(TornadoDevice d) {
        return name(d) + ", " + (d.getMaxGlobalMemory() >> 20) + " MB, at most " + (d.getMaxAllocMemory() >> 20)
                + " MB in one piece";
    }
}
