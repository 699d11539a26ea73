package radedit.imaging.codec;

/**
 * A part of the packets and their order: the whole in COD's order, or one entry of a POC segment (T.800 A.6.6).
 *
 * @param order
 *            0 LRCP, 1 RLCP, 2 RPCL, 3 PCRL, 4 CPRL
 * @param endLayer
 *            layers up to, but not, this one; the same for resolutions and components
 */
record J2kProgressionChange(int order, int endLayer, int startResolution, int endResolution, int startComponent,
        int endComponent) {
    J2kProgressionChange {
        if (order < 0 || order > 4) {
            throw new IllegalArgumentException("progression order " + order);
        }
    }
}
