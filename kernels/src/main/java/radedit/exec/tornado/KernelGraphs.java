package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Graphs of the compute kernels: one per kernel; for a GEMM, one per weight array and weight format that it can hold.
 */
final class KernelGraphs {
    private final Map<Kernel, List<KernelGraph>> kernels = new EnumMap<>(Kernel.class);
    private final PlanDevice device;
    private final KernelContext context;
    private final DeviceArrays arrays;

    KernelGraphs(PlanDevice device, KernelContext context, DeviceArrays arrays) {
        this.device = device;
        this.context = context;
        this.arrays = arrays;
        for (Kernel k : Kernel.values()) {
            kernels.put(k, !k.isGemm() ? List.of(simple(k)) : gemms(k));
        }
    }

    private KernelGraph simple(Kernel k) {
        return device.load(k.name(), device.graph(k.name()).task("t", k.method, context, arrays.values,
                k == Kernel.LATENTS ? arrays.latents : arrays.tables, device.slots()));
    }

    /** A GEMM takes a weight array of each type and reads one of the two. */
    private List<KernelGraph> gemms(Kernel k) {
        List<KernelGraph> each = new ArrayList<>();
        for (FloatArray f : arrays.floats) {
            each.add(gemm(k, f, arrays.halves.getFirst(), WeightFormat.FLOAT32));
        }
        for (ShortArray h : arrays.halves) {
            each.add(gemm(k, arrays.floats.getFirst(), h, WeightFormat.FLOAT16));
            each.add(gemm(k, arrays.floats.getFirst(), h, WeightFormat.BFLOAT16));
        }
        return each;
    }

    private KernelGraph gemm(Kernel k, FloatArray f, ShortArray h, WeightFormat format) {
        String name = k.source(format);
        return device.load(name, device.graph(name).task("t", k.gemm, context, arrays.values, arrays.tables, f, h,
                device.slots(), k.tile, format.fractionBits));
    }

    private KernelGraph gemm(Kernel k, int arena, WeightFormat format) {
        int halves = arrays.floats.size();
        return kernels.get(k).get(switch (format) {
            case FLOAT32 -> arena;
            case FLOAT16 -> halves + 2 * (arena - halves);
            case BFLOAT16 -> halves + 2 * (arena - halves) + 1;
        });
    }

    /** The graph of a launch. */
    KernelGraph of(Launch l) {
        return l instanceof Gemm g
                ? gemm(g.kernel(), g.weights().place().arena(), g.weights().place().format())
                : kernels.get(l.kernel()).getFirst();
    }

    /** Graphs that backends with these needs may use. */
    List<KernelGraph> needed(KernelNeeds needs) {
        List<KernelGraph> all = new ArrayList<>();
        for (Kernel k : needs.kernels()) {
            if (!k.isGemm()) {
                all.addAll(kernels.get(k));
            } else {
                for (WeightFormat f : needs.formats()) {
                    boolean floats = f == WeightFormat.FLOAT32;
                    int from = floats ? 0 : arrays.floats.size();
                    int to = floats ? arrays.floats.size() : arrays.matrices();
                    IntStream.range(from, to).forEach(arena -> all.add(gemm(k, arena, f)));
                }
            }
        }
        return all;
    }
}
