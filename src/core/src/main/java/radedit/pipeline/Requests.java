package radedit.pipeline;

import radedit.message.Message;
import radedit.message.Setting;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Checks of what a request asks for. */
final class Requests {
    private Requests() {
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
     * The same for a fault that begins with the setting.
     *
     * @param fault
     *            what is wrong with it, as {@link Message#of} joins it
     */
    static void check(boolean holds, Setting setting, Object... fault) {
        if (!holds) {
            throw new InvalidRequestException(Message.of(setting, Message.of(fault)));
        }
    }

    /** Guidance that no picture withstands. */
    private static final double SENSELESS = 1000;

    /** Warns of a guidance scale that is out of all proportion; it may be what somebody wants to see. */
    static void checkGuidance(Setting setting, double scale, Listener listener) {
        check(Double.isFinite(scale), setting, " must be a finite number");
        if (Math.abs(scale) > SENSELESS) {
            listener.warning(Message.of(setting, " ", scale,
                    " is far too large: the result will be saturated noise; 1 to 15 is usual"));
        }
    }

    /** A tensor that the user gave, if it has the shape that is needed. */
    static Tensor given(Tensor t, Shape wanted, String name) {
        if (!t.shape().equals(wanted)) {
            throw new InvalidInputException(
                    "tensor '" + name + "' has shape " + t.shape() + ", " + wanted + " is needed");
        }
        return t;
    }
}
