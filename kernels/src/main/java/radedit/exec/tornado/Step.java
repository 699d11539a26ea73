package radedit.exec.tornado;

import java.util.List;
import java.util.Map;

import radedit.tensor.Tensor;

/** What a node does when its turn comes. */
@FunctionalInterface
interface Step {
    /** Does nothing: views and inputs. */
    Step NONE = (device, inputs) -> {};

    /**
     * @param inputs
     *            what the network was given, for the few operations that are done on the host
     */
    void run(Device device, Map<String, Tensor> inputs);

    /** Kernel calls, one after the other. */
    record Launches(List<Launch> all) implements Step {
        @Override
        public void run(Device device, Map<String, Tensor> inputs) {
            all.forEach(device::run);
        }
    }

    static Step of(Launch... launches) {
        return new Launches(List.of(launches));
    }
}
