package radedit.tools.phantom;

/**
 * What a sentence of a report says about one thing.
 *
 * @param what
 *            a finding's or device's word, or "finding" for any finding at all
 * @param side
 *            null where none is told
 * @param extent
 *            null where none is told
 * @param present
 *            false where the sentence says that there is none
 */
public record Claim(String what, Side side, Finding.Extent extent, boolean present) {

    /** Whether it holds for a phantom. */
    public boolean holds(Phantom phantom) {
        boolean found = what.equals("finding") && !phantom.findings().isEmpty();
        for (Finding f : phantom.findings()) {
            found |= f.kind().word().equals(what) && (side == null || f.side() == side)
                    && (extent == null || f.extent() == extent);
        }
        for (Device d : phantom.devices()) {
            found |= d.kind().word().equals(what) && (side == null || d.side() == side);
        }
        return found == present;
    }

    /** As manifests write it: +effusion/left/small, -pneumothorax/any/any. */
    @Override
    public String toString() {
        return (present ? "+" : "-") + what + "/" + (side == null ? "any" : side.word()) + "/"
                + (extent == null ? "any" : extent.word());
    }
}
