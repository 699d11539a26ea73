package radedit.exec.tornado;

import java.io.File;
import java.io.IOException;
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
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** Starts TornadoVM's runtime and lists the devices it finds. */
final class DeviceDiscovery {
    private static final String SEE_DRIVER = "'clinfo -l' or 'nvidia-smi' tell whether the GPU's driver is installed and this user"
            + " may use it";

    private DeviceDiscovery() {
    }

    /**
     * All devices, in TornadoVM's order.
     *
     * @throws BackendException
     *             if there is none, with the reason and how to mend it
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
        // By default TornadoVM silently runs in Java, or returns zeros, when the device fails.
        System.setProperty("tornado.recover.bailout", "False");
        CompilerFlags.forbidApproximations();
        GeneratedSource.record();
        // Disables TornadoVM's own limit; the device reports its memory itself.
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

    /** How to mend the cause of a runtime's error message. */
    private static String remedy(String said) {
        if (said.contains("platforms found")) {
            return "install the GPU's OpenCL driver, which has a file in /etc/OpenCL/vendors; " + SEE_DRIVER;
        }
        boolean natives = Arrays.stream(System.getProperty("java.library.path", "").split(File.pathSeparator))
                .map(Path::of).anyMatch(DeviceDiscovery::holdsNatives);
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

    private static String root(Throwable e) {
        Throwable t = e;
        while (t.getCause() != null) {
            t = t.getCause();
        }
        String said = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
        return said.lines().findFirst().orElse("").replaceAll("\u001b\\[[\\d;]*m", "").replaceAll("^\\[\\w+] *", "")
                .replace(" Deoptimizing to sequential execution.", "");
    }
}
