package radedit.tools.phantom;

import org.jspecify.annotations.Nullable;

/**
 * What a sentence of a report claims about one thing.
 *
 * @param what
 *            the word of a finding or device, or "finding" for any finding
 * @param side
 *            null if not mentioned
 * @param extent
 *            null if not mentioned
 * @param present
 *            false if the sentence denies it
 */
public record Claim(String what, @Nullable Side side, Finding.@Nullable Extent extent, boolean present) {

    /** Whether it is true of a phantom. */
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

    /** The notation of manifests: +effusion/left/small, -pneumothorax/any/any. */
    @Override
    public String toString() {
        return (present ? "+" : "-") + what + "/" + (side == null ? "any" : side.word()) + "/"
                + (extent == null ? "any" : extent.word());
    }
}
