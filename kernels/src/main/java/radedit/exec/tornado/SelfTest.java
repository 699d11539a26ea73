package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs small graphs that use certain kernels, on the device and on the reference backend, so that a miscompiled kernel is
 * detected before it computes a picture.
 */
enum SelfTest {
    /** Of every kernel that does not round. */
    KERNELS,
    /** Of the kernels that round operands of GEMMs; only backends that round need it. */
    ROUNDINGS;

    /** Footprint of all graphs, so that kernels are compiled once. */
    static final Footprint ROOM = new Footprint(1 << 22, 1 << 14, 1 << 20, 1 << 22, 1 << 20, 1 << 18);

    /** The tests that backends with these needs must pass. */
    static List<SelfTest> of(KernelNeeds needs) {
        return needs.rounds() ? List.of(KERNELS, ROUNDINGS) : List.of(KERNELS);
    }

    /** Everything on which a backend's passing of this test depends. */
    String identity(TornadoBackend backend) {
        return switch (this) {
            case KERNELS -> backend.identity();
            case ROUNDINGS -> backend.identity() + ", roundings";
        };
    }

    /** Requests the kernels that this test uses. */
    void reserve(Reservation reservation) {
        switch (this) {
            case KERNELS -> reservation.allFormats();
            case ROUNDINGS -> reservation.roundings();
        }
    }

    /**
     * @throws radedit.exec.BackendException
     *             if a result is wrong; the message names graph and output
     */
    void run(TornadoBackend backend) {
        switch (this) {
            case KERNELS -> {
                SelfTestCase.check(KernelCases.all(), backend, policies(backend.policy()));
                KernelCases.latents(backend);
            }
            case ROUNDINGS -> SelfTestCase.check(RoundingCases.all(), backend, List.of(backend.policy()));
        }
    }

    /** Both tile sizes, with and without Winograd in several runs, as far as the policy in use may need them. */
    private static List<TilePolicy> policies(TilePolicy used) {
        List<TilePolicy> all = new ArrayList<>();
        for (Winograd winograd : used.winograd() == Winograd.OFF
                ? List.of(Winograd.OFF)
                : List.of(Winograd.OFF, Winograd.ON)) {
            if (used.uses(Kernel.GEMM_128)) {
                all.add(new TilePolicy(0, winograd, 0));
            }
            if (used.uses(Kernel.GEMM_64)) {
                all.add(new TilePolicy(TilePolicy.NARROW, winograd, 0));
            }
        }
        return all;
    }
}
