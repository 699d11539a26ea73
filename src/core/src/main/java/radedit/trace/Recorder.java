package radedit.trace;

import java.util.Map;
import java.util.function.Supplier;

import radedit.exec.Backend;
import radedit.tensor.Tensor;

/** Receives what a run computes: networks node by node, and the arithmetic on the host around them. */
public interface Recorder {
    /** Records nothing and costs nothing. */
    Recorder NONE = new Recorder() {
        @Override
        public Backend watch(Backend backend) {
            return backend;
        }

        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public void head(Map<String, Object> facts) {}

        @Override
        public void sampler(double[] timesteps) {}

        @Override
        public void host(String name, int step, Map<String, Object> details, Supplier<Tensor> value) {}
    };

    /**
     * {@return a backend that computes the same and shows the nodes of its programs to this recorder, which records what the
     * backend runs on}
     *
     * @param backend
     *            the backend; closed with the one returned
     */
    Backend watch(Backend backend);

    /** {@return whether anything is recorded} */
    boolean isOn();

    /**
     * Records facts about the run.
     *
     * @param facts
     *            JSON values by name
     */
    void head(Map<String, Object> facts);

    /**
     * Says which timestep belongs to which step of the sampler from now on.
     *
     * @param timesteps
     *            timestep by index of the step; several steps may have the same
     */
    void sampler(double[] timesteps);

    /**
     * Records a value computed on the host.
     *
     * @param name
     *            what it is
     * @param step
     *            index of the sampler's step; -1 for none
     * @param details
     *            what it was made from, JSON values by name
     * @param value
     *            returns the value; not called if it is not recorded
     */
    void host(String name, int step, Map<String, Object> details, Supplier<Tensor> value);
}
