package radedit.tools.phantom;

import java.util.List;

/** A text about a film, and its claims. */
public record Caption(String text, List<Claim> claims) {
    /** Whether all claims are true of a phantom. */
    public boolean holds(Phantom phantom) {
        return claims.stream().allMatch(c -> c.holds(phantom));
    }
}
