package radedit.tools.phantom;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The findings that a judge recognises in a film. */
public final class Judgement {
    private final Map<Finding.Kind, Set<Side>> findings = new EnumMap<>(Finding.Kind.class);
    private final Set<Side> drains = EnumSet.noneOf(Side.class);

    private final boolean chest;

    Judgement(boolean chest) {
        this.chest = chest;
    }

    /** Whether the film shows a chest: lungs between two walls, over an abdomen. */
    public boolean isChest() {
        return chest;
    }

    /** Adds a finding; cardiomegaly, which has no side, is added to both. */
    void add(Finding.Kind kind, Side side) {
        findings.computeIfAbsent(kind, k -> EnumSet.noneOf(Side.class)).add(side);
    }

    void addDrain(Side side) {
        drains.add(side);
    }

    /** The sides with a finding of this kind. */
    public Set<Side> sides(Finding.Kind kind) {
        return findings.getOrDefault(kind, Set.of());
    }

    /** Whether there is a finding of this kind; a null side stands for any. */
    public boolean shows(Finding.Kind kind, @Nullable Side side) {
        return side == null ? !sides(kind).isEmpty() : sides(kind).contains(side);
    }

    /** Whether there is any finding. */
    public boolean showsAny() {
        return !findings.isEmpty();
    }

    /** The sides with a chest drain. */
    public Set<Side> drains() {
        return drains;
    }

    @Override
    public String toString() {
        return findings + " drains " + drains;
    }
}
