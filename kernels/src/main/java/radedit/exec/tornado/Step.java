package radedit.exec.tornado;

import java.util.List;
import java.util.Map;

import radedit.tensor.Tensor;

/** What is done for a node when its turn comes. */
@FunctionalInterface
interface Step {
    /** Nothing: views and inputs. */
    Step NONE = (device, inputs) -> {};

    /**
     * @param inputs
     *            of the network, for the few operations done on the host
     */
    void run(Device device, Map<String, Tensor> inputs);

    /** Kernel launches in their order. */
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
