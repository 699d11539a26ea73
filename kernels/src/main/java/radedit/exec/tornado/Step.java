package radedit.exec.tornado;

import java.util.List;
import java.util.Map;

import radedit.tensor.Tensor;

/** Execution of one node. */
@FunctionalInterface
interface Step {
    /** No work: views and inputs. */
    Step NONE = (device, inputs) -> {};

    /**
     * @param inputs
     *            inputs of the network, for the few operations that run on the host
     */
    void run(Device device, Map<String, Tensor> inputs);

    /** Kernel launches, in order. */
    record Launches(List<Launch> all) implements Step {
        @Override
        public void run(Device device, Map<String, Tensor> inputs) {
            all.forEach(device::run);
        }
    }

    static Step of(Launch launch) {
        return new Launches(List.of(launch));
    }
}
