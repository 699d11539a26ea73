package radedit.tools.phantom;

import java.util.List;

/**
 * A text about a film, and what it says.
 */
public record Caption(String text, List<Claim> claims) {
    /** Whether everything it says holds for a phantom. */
    public boolean holds(Phantom phantom) {
        return claims.stream().allMatch(c -> c.holds(phantom));
    }
}
