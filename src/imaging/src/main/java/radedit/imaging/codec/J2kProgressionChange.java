package radedit.imaging.codec;

/**
 * A subset of the packets and its order: all packets in COD's order, or one entry of a POC segment (T.800 A.6.6).
 *
 * @param order
 *            0 LRCP, 1 RLCP, 2 RPCL, 3 PCRL, 4 CPRL
 * @param endLayer
 *            one past the last layer; resolutions and components likewise
 */
record J2kProgressionChange(int order, int endLayer, int startResolution, int endResolution, int startComponent,
        int endComponent) {
    J2kProgressionChange {
        if (order < 0 || order > 4) {
            throw new IllegalArgumentException("progression order " + order);
        }
    }
}
