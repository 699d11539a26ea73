package radedit.exec.tornado;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Value;

/** Finds concatenations that need not be materialised, because every reader can read two inputs. */
final class ConcatElision {
    private ConcatElision() {
    }

    /**
     * Finds concatenations of two values that only group norms, 1 x 1 convolutions and linear layers read. The channels of each
     * part are a multiple of a {@link Gemm}'s slice.
     *
     * @param wanted
     *            whether a probe wants a node's result, which then must be materialised
     * @return ids of their results
     */
    static Set<Integer> of(Graph graph, Predicate<Node> wanted) {
        Set<Integer> joined = new HashSet<>();
        for (Node n : graph.nodes()) {
            if (n.op() instanceof Op.Concat && n.inputs().size() == 2 && !wanted.test(n)
                    && n.inputs().stream().allMatch(v -> v.channels() % Gemm.SLICE == 0)) {
                joined.add(n.output().id());
            }
            for (int i = 0; i < n.inputs().size(); i++) {
                if (i > 0 || !readsParts(n.op())) {
                    joined.remove(n.inputs().get(i).id());
                }
            }
        }
        for (Value v : graph.outputs().values()) {
            joined.remove(v.id());
        }
        return joined;
    }

    private static boolean readsParts(Op op) {
        return switch (op) {
            case Op.GroupNorm g -> true;
            case Op.Linear l -> true;
            case Op.Conv2d c -> c.kernel() == 1;
            default -> false;
        };
    }
}
