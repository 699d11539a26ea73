package radedit.pipeline;

import radedit.message.Message;
import radedit.message.Setting;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Checks of what a request asks for. */
final class RequestChecks {
    private RequestChecks() {
    }

    static void check(boolean holds, String fault) {
        if (!holds) {
            throw new InvalidRequestException(fault);
        }
    }

    static void check(boolean holds, Message fault) {
        if (!holds) {
            throw new InvalidRequestException(fault);
        }
    }

    /**
     * Checks a setting; the message of the exception begins with its name.
     *
     * @param fault
     *            what is wrong with it, joined as by {@link Message#of}
     */
    static void check(boolean holds, Setting setting, Object... fault) {
        if (!holds) {
            throw new InvalidRequestException(Message.of(setting, Message.of(fault)));
        }
    }

    /** Guidance scale beyond which every picture saturates. */
    private static final double SATURATING_SCALE = 1000;

    /**
     * Checks that a guidance scale is finite, and warns of one that is far too large; somebody may want to see its
     * effect.
     */
    static void checkGuidance(Setting setting, double scale, Listener listener) {
        check(Double.isFinite(scale), setting, " must be a finite number");
        if (Math.abs(scale) > SATURATING_SCALE) {
            listener.warning(Message.of(setting, " ", scale,
                    " is far too large: the result will be saturated noise; 1 to 15 is usual"));
        }
    }

    /**
     * {@return a tensor given by the user}
     *
     * @throws InvalidInputException
     *             if it does not have the shape needed
     */
    static Tensor requireShape(Tensor t, Shape wanted, String name) {
        if (!t.shape().equals(wanted)) {
            throw new InvalidInputException(
                    "tensor '" + name + "' has shape " + t.shape() + ", " + wanted + " is needed");
        }
        return t;
    }
}
