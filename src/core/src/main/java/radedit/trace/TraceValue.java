package radedit.trace;

import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.files.Messages;

/**
 * A value of a trace.
 *
 * @param network
 *            the network's name on the command line; "host" for host arithmetic, empty if a file of another program does
 *            not say
 * @param call
 *            number of the network's call, or of the host value among those of its name, from 0
 * @param name
 *            the module's path, or the host value's name
 * @param step
 *            index of the sampler's step; -1 for none
 * @param timesteps
 *            timesteps of the call, which may be fractional
 * @param op
 *            kind of operation; empty if unknown
 * @param covers
 *            modules computed together, if several
 * @param inputs
 *            names of the values that it was computed from, as far as they are recorded
 * @param shape
 *            in PyTorch's layout
 * @param isDouble
 *            whether it is in double precision
 * @param hash
 *            hash of its bits; null if not recorded
 * @param statistics
 *            null if not recorded
 * @param slice
 *            elements at even distances; null if not recorded
 * @param tensor
 *            name of its tensor in the file; null if its elements are not recorded
 */
public record TraceValue(String network, int call, String name, int step, List<Double> timesteps, String op,
        List<String> covers, List<String> inputs, List<Integer> shape, boolean isDouble, @Nullable String hash,
        ValueSummary.@Nullable Statistics statistics, double @Nullable [] slice, @Nullable String tensor) {

    /** Network of what of a UNet depends on the texts only, where that is computed once. */
    public static final String UNET_TEXTS = "unet-text";
    /** Network of what of a UNet depends on the timestep only, where that is computed once. */
    public static final String UNET_TIMES = "unet-time";
    /** Network of values of host arithmetic. */
    static final String HOST = "host";
    /** Operation of a network's inputs. */
    static final String INPUT = "Input";

    /** {@return whether it is of host arithmetic, not of a network} */
    public boolean isHost() {
        return network.equals(HOST);
    }

    /** {@return whether it is an input of its network} */
    public boolean isInput() {
        return op.equals(INPUT);
    }

    /** {@return whether it is of what of a UNet is computed once, as a network of its own} */
    public boolean isOfSection() {
        return network.equals(UNET_TEXTS) || network.equals(UNET_TIMES);
    }

    /** {@return the name, fit for a message, with the step or call where there may be several} */
    public String label() {
        String which = step >= 0 ? " at step " + step : call > 0 ? " in call " + call : "";
        return Messages.printable((network.isEmpty() || isHost() ? "" : network + " ") + name) + which;
    }
}
