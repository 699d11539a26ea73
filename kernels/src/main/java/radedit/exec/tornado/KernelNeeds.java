package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What decides which kernels backends may use.
 *
 * @param policies
 *            their tile policies
 * @param formats
 *            formats of the weights of GEMMs
 * @param rounds
 *            whether networks round operands of GEMMs
 */
record KernelNeeds(List<TilePolicy> policies, Set<WeightFormat> formats, boolean rounds) {
    static final KernelNeeds NONE = new KernelNeeds(List.of(), Set.of(), false);

    /** The needs of both. */
    KernelNeeds plus(KernelNeeds o) {
        List<TilePolicy> both = new ArrayList<>(policies);
        both.addAll(o.policies);
        Set<WeightFormat> all = EnumSet.noneOf(WeightFormat.class);
        all.addAll(formats);
        all.addAll(o.formats);
        return new KernelNeeds(both, all, rounds || o.rounds);
    }

    /** The kernels; a GEMM is needed for each of the formats. */
    List<Kernel> kernels() {
        return Arrays.stream(Kernel.values())
                .filter(k -> (rounds || !k.rounds()) && policies.stream().anyMatch(p -> p.uses(k))).toList();
    }
}
