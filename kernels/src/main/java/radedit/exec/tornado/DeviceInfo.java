package radedit.exec.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/** Name, memory, driver and version of a device. */
final class DeviceInfo {
    /** Contains the version of NVIDIA's kernel module. */
    private static final Path NVIDIA = Path.of("/proc/driver/nvidia/version");

    private DeviceInfo() {
    }

    /** TornadoVM's version, the type of driver and the driver's version. */
    static String version(TornadoDevice d) {
        String own = TornadoDevice.class.getModule().getDescriptor().rawVersion().orElse("unknown");
        return "TornadoVM " + own + " with " + d.getTornadoVMBackend() + ", driver " + driver(d);
    }

    /**
     * Version of a device's driver. TornadoVM's CUDA backends report CUDA's version at most, so the version of NVIDIA's kernel
     * module is added.
     */
    private static String driver(TornadoDevice d) {
        StringBuilder all = new StringBuilder();
        Object version = query(d.getPhysicalDevice(), "getDriverVersion");
        all.append(version == null ? d.getDeviceOpenCLCVersion() : version.toString().strip());
        if (d.getTornadoVMBackend() == TornadoVMBackendType.CUDA
                || d.getTornadoVMBackend() == TornadoVMBackendType.PTX) {
            try (Stream<String> lines = Files.lines(NVIDIA)) {
                lines.findFirst().ifPresent(l -> all.append(" (").append(l.strip()).append(')'));
            } catch (IOException | UncheckedIOException e) {
                // not Linux, or not NVIDIA's module
            }
        }
        return all.toString();
    }

    /** A numeric property that only some of TornadoVM's drivers report; 0 if this one does not. */
    static long number(TornadoDevice d, String method) {
        return query(d.getPhysicalDevice(), method) instanceof Number n ? n.longValue() : 0;
    }

    /** Calls a method of a driver's class that is not part of TornadoVM's API; null if there is no such method. */
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

    /** A device and its memory, in words; some platforms report free memory only. */
    static String describe(TornadoDevice d) {
        return name(d) + ", " + (d.getMaxGlobalMemory() >> 20) + " MB, at most " + (d.getMaxAllocMemory() >> 20)
                + " MB in one piece";
    }
}
