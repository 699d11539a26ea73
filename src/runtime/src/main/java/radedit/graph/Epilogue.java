package radedit.graph;

/**
 * Operations fused into a convolution or GEMM and applied before its result is stored, in this order.
 *
 * @param rowBias
 *            whether to add a vector per sample, [batch, channels], which is the next input (the time embedding of
 *            a ResNet block)
 * @param residual
 *            whether to add a value of the result's shape, which is the next input
 * @param activation
 *            the function to apply
 * @param geglu
 *            whether to multiply the first half of the channels by the GELU of the second half
 */
public record Epilogue(boolean rowBias, boolean residual, Activation activation, boolean geglu) {
    /** No operation. */
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

    /** Whether neither activation nor gate is fused yet, so that an addition can still be fused before them. */
    boolean acceptsAddition() {
        return activation == Activation.NONE && !geglu;
    }

    /** {@return whether this does nothing} */
    public boolean isNone() {
        return equals(NONE);
    }
}
