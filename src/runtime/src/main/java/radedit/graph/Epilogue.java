package radedit.graph;

/**
 * What a convolution or matrix product does to its result before storing it, in this order.
 *
 * @param rowBias
 *            adds a vector per sample [batch, channels], the next input (the time embedding of a resnet block)
 * @param residual
 *            adds a value of the result's shape, the next input
 * @param activation
 *            applies a function
 * @param geglu
 *            multiplies the first half of the channels by the GELU of the second half
 */
public record Epilogue(boolean rowBias, boolean residual, Activation activation, boolean geglu) {
    public static final Epilogue NONE = new Epilogue(false, false, Activation.NONE, false);

    Epilogue withRowBias() {
        return new Epilogue(true, residual, activation, geglu);
    }

    Epilogue withResidual() {
        return new Epilogue(rowBias, true, activation, geglu);
    }

    Epilogue with(Activation a) {
        return new Epilogue(rowBias, residual, a, geglu);
    }

    Epilogue withGeglu() {
        return new Epilogue(rowBias, residual, activation, true);
    }

    /** Whether nothing has been fused behind the activation stage yet, so an addition still fits. */
    boolean open() {
        return activation == Activation.NONE && !geglu;
    }

    public boolean isNone() {
        return equals(NONE);
    }
}
