package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import radedit.exec.tornado.Device.Loaded;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** The graphs of a device's kernels: one for each kind; of GEMMs, one for each array of matrices and each format it can have. */
final class KernelGraphs {
    private final Map<Kind, List<Loaded>> kinds = new EnumMap<>(Kind.class);
    private final Device device;
    private final KernelContext context;
    private final DeviceArrays arrays;

    KernelGraphs(Device device, KernelContext context, DeviceArrays arrays) {
        this.device = device;
        this.context = context;
        this.arrays = arrays;
        for (Kind k : Kind.values()) {
            kinds.put(k, k.product == null ? List.of(simple(k)) : gemms(k));
        }
    }

    private Loaded simple(Kind k) {
        return device.load(k.name(), device.graph(k.name()).task("t", k.kernel, context, arrays.values,
                k == Kind.LATENTS ? arrays.latents : arrays.tables, device.parameters()));
    }

    /** The array of the other type is there and not looked at. */
    private List<Loaded> gemms(Kind k) {
        List<Loaded> each = new ArrayList<>();
        for (FloatArray f : arrays.floats) {
            each.add(gemm(k, f, arrays.halves.getFirst(), Format.FLOAT32));
        }
        for (ShortArray h : arrays.halves) {
            each.add(gemm(k, arrays.floats.getFirst(), h, Format.FLOAT16));
            each.add(gemm(k, arrays.floats.getFirst(), h, Format.BFLOAT16));
        }
        return each;
    }

    private Loaded gemm(Kind k, FloatArray f, ShortArray h, Format format) {
        String name = k.name() + "_" + format.name();
        return device.load(name, device.graph(name).task("t", k.product, context, arrays.values, arrays.tables, f, h,
                device.parameters(), k.columns(), format.fractionBits));
    }

    private Loaded gemm(Kind k, int arena, Format format) {
        int halves = arrays.floats.size();
        return kinds.get(k).get(switch (format) {
            case FLOAT32 -> arena;
            case FLOAT16 -> halves + 2 * (arena - halves);
            case BFLOAT16 -> halves + 2 * (arena - halves) + 1;
        });
    }

    /** The graph for a call. */
    Loaded of(Launch l) {
        return l.matrix == null
                ? kinds.get(l.kind).getFirst()
                : gemm(l.kind, l.matrix.arena(), l.matrix.format());
    }

    /** The graphs of what these policies and formats of matrices can need. */
    List<Loaded> needed(List<TilePolicy> policies, Set<Format> formats) {
        List<Loaded> all = new ArrayList<>();
        for (Kind k : Kind.values()) {
            if (policies.stream().noneMatch(p -> p.uses(k))) {
                continue;
            }
            if (k.product == null) {
                all.addAll(kinds.get(k));
            } else {
                for (Format f : formats) {
                    boolean floats = f == Format.FLOAT32;
                    int from = floats ? 0 : arrays.floats.size();
                    int to = floats ? arrays.floats.size() : arrays.matrices();
                    IntStream.range(from, to).forEach(arena -> all.add(gemm(k, arena, f)));
                }
            }
        }
        return all;
    }
}
