package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** The graphs of a device's kernels: one for each kind; of GEMMs, one for each array of matrices and each format it can have. */
final class KernelGraphs {
    private final Map<Kernel, List<KernelGraph>> kinds = new EnumMap<>(Kernel.class);
    private final Device device;
    private final KernelContext context;
    private final DeviceArrays arrays;

    KernelGraphs(Device device, KernelContext context, DeviceArrays arrays) {
        this.device = device;
        this.context = context;
        this.arrays = arrays;
        for (Kernel k : Kernel.values()) {
            kinds.put(k, k.product == null ? List.of(simple(k)) : gemms(k));
        }
    }

    private KernelGraph simple(Kernel k) {
        return device.load(k.name(), device.graph(k.name()).task("t", k.kernel, context, arrays.values,
                k == Kernel.LATENTS ? arrays.latents : arrays.tables, device.parameters()));
    }

    /** The array of the other type is there and not looked at. */
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
        String name = k.name() + "_" + format.name();
        return device.load(name, device.graph(name).task("t", k.product, context, arrays.values, arrays.tables, f, h,
                device.parameters(), k.columns(), format.fractionBits));
    }

    private KernelGraph gemm(Kernel k, int arena, WeightFormat format) {
        int halves = arrays.floats.size();
        return kinds.get(k).get(switch (format) {
            case FLOAT32 -> arena;
            case FLOAT16 -> halves + 2 * (arena - halves);
            case BFLOAT16 -> halves + 2 * (arena - halves) + 1;
        });
    }

    /** The graph for a call. */
    KernelGraph of(Launch l) {
        return l.matrix == null
                ? kinds.get(l.kind).getFirst()
                : gemm(l.kind, l.matrix.arena(), l.matrix.format());
    }

    /** The graphs of what these policies and formats of matrices can need. */
    List<KernelGraph> needed(List<TilePolicy> policies, Set<WeightFormat> formats) {
        List<KernelGraph> all = new ArrayList<>();
        for (Kernel k : Kernel.values()) {
            if (policies.stream().noneMatch(p -> p.uses(k))) {
                continue;
            }
            if (k.product == null) {
                all.addAll(kinds.get(k));
            } else {
                for (WeightFormat f : formats) {
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
