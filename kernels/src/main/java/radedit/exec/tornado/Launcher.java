package radedit.exec.tornado;

import java.util.List;
import java.util.Optional;

import radedit.exec.BackendException;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * The way kernels are launched. TornadoVM compiles all of them. With an OpenCL driver they are launched directly, because a
 * launch through an execution plan takes the host eleven times as long ({@code bench/RESULTS.md}).
 */
sealed interface Launcher {
    /** System property: {@code plan} launches through execution plans everywhere; {@code direct} is the default. */
    String PROPERTY = "radedit.tornado.launch";

    /** Device, versions, kernels, launcher and compiler flags: everything that results depend on, except the tile policy. */
    String identity();

    /**
     * Allocates arrays.
     *
     * @throws BackendException
     *             if the device has too little memory or fails
     */
    Device open(ArenaSizes lengths);

    private static String identity(TornadoDevice device, CompilerFlags flags, String launches) {
        return "float32, " + DeviceInfo.name(device) + ", " + DeviceInfo.version(device) + ", kernels "
                + KernelFingerprint.get() + ", " + launches + ", " + flags.describe();
    }

    /** Launches through an execution plan. */
    record Plan(TornadoDevice device, CompilerFlags flags) implements Launcher {
        @Override
        public String identity() {
            return Launcher.identity(device, flags, "launched by execution plans");
        }

        @Override
        public Device open(ArenaSizes lengths) {
            return new PlanDevice(device, lengths, flags);
        }
    }

    /** Launches through OpenCL directly. */
    record Direct(TornadoDevice device, CompilerFlags flags, OpenCl cl, long handle) implements Launcher {
        @Override
        public String identity() {
            return Launcher.identity(device, flags, "launched directly");
        }

        @Override
        public Device open(ArenaSizes lengths) {
            OpenClQueue queue = new OpenClQueue(cl, handle, flags.text());
            KernelStore kernels = new KernelStore(new Plan(device, flags), identity());
            try {
                return new OpenClDevice(queue, kernels, lengths);
            } catch (BackendException e) {
                try {
                    queue.close();
                } catch (BackendException closing) {
                    e.addSuppressed(closing);
                }
                throw e;
            }
        }
    }

    /**
     * The launcher for a device.
     *
     * @param number
     *            of the device
     */
    static Launcher of(int number, TornadoDevice device, CompilerFlags flags) {
        Launcher plan = new Plan(device, flags);
        String asked = System.getProperty(PROPERTY, "direct");
        if (!List.of("direct", "plan").contains(asked)) {
            throw new BackendException(PROPERTY + " must be direct or plan, not '" + asked + "'");
        }
        Optional<OpenCl> cl = asked.equals("direct") && device.getTornadoVMBackend() == TornadoVMBackendType.OPENCL
                ? OpenCl.find()
                : Optional.empty();
        if (cl.isEmpty()) {
            return plan;
        }
        // Devices of the same name are distinguished by their order.
        List<Long> named = cl.get().devices(device.getPlatformName().strip(),
                device.getPhysicalDevice().getDeviceName().strip());
        long before = DeviceDiscovery.devices().subList(0, number).stream()
                .filter(d -> DeviceInfo.name(d).equals(DeviceInfo.name(device))).count();
        return before < named.size() ? new Direct(device, flags, cl.get(), named.get((int) before)) : plan;
    }
}
