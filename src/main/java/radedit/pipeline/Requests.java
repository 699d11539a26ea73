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

    /** A tensor that the user gave, if it has the shape that is needed. */
    static Tensor given(Tensor t, Shape wanted, String name) {
        if (!t.shape().equals(wanted)) {
            throw new InvalidInputException(
                    "tensor '" + name + "' has shape " + t.shape() + ", " + wanted + " is needed");
        }
        return t;
    }
}
