package radedit.exec.tornado;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import radedit.digest.Digests;
import radedit.files.OutputFile;
import radedit.files.UserFolder;

/**
 * File cache of the kernels' generated source and the driver's binaries. A file starts with the SHA-256 of the rest; a damaged
 * file is replaced.
 */
final class KernelStore {
    private static final int DIGEST = 32;
    /** The smallest arrays, for a plan that only compiles. */
    private static final ArenaSizes LEAST = new ArenaSizes(Device.ZEROS, Device.ZEROS, Device.ZEROS,
            Collections.singletonList((long) Device.ZEROS), Collections.singletonList(2L * Device.ZEROS));

    private final Launcher.Plan plan;
    private final String identity;
    private final Map<String, String> sources = new HashMap<>();
    private PlanDevice compiler;

    /**
     * @param plan
     *            compiles what is not cached
     * @param identity
     *            everything that source and binaries depend on
     */
    KernelStore(Launcher.Plan plan, String identity) {
        this.plan = plan;
        this.identity = identity;
    }

    /** Source that TornadoVM generates for a kernel, in its normal form, with {@link VectorReads}. */
    String source(String kernel) {
        return sources.computeIfAbsent(kernel, k -> {
            Path file = file(k, "source");
            Optional<byte[]> kept = read(file);
            if (kept.isPresent()) {
                return new String(kept.get(), StandardCharsets.UTF_8);
            }
            if (compiler == null) {
                compiler = (PlanDevice) plan.open(LEAST);
            }
            String made = withGroup(k, VectorReads.of(compiler.source(k)));
            write(file, made.getBytes(StandardCharsets.UTF_8));
            return made;
        });
    }

    /**
     * Declares the work-group size of a GEMM, so that the driver's compiler limits registers and several small tiles fit on a
     * compute unit (occupancy).
     */
    private static String withGroup(String kernel, String source) {
        return Arrays.stream(Kernel.values()).filter(k -> k.isGemm() && kernel.startsWith(k.name())).findFirst()
                .map(k -> source.replaceFirst("__kernel void",
                        "__kernel __attribute__((reqd_work_group_size(" + k.items() + ", 1, 1))) void"))
                .orElse(source);
    }

    /** Binary of a kernel from an earlier run. */
    Optional<byte[]> binary(String kernel) {
        return read(file(kernel + source(kernel), "binary"));
    }

    /** Caches the binary of a kernel. */
    void keep(String kernel, byte[] binary) {
        write(file(kernel + source(kernel), "binary"), binary);
    }

    /** Frees everything that only compilation needs. */
    void release() {
        if (compiler != null) {
            compiler.close();
            compiler = null;
        }
    }

    private Path file(String what, String ending) {
        return UserFolder.home().resolve("tornado")
                .resolve(KernelFingerprint.hash((identity + '\n' + what).getBytes(StandardCharsets.UTF_8)) + '.'
                        + ending);
    }

    private static Optional<byte[]> read(Path file) {
        try {
            byte[] all = Files.readAllBytes(file);
            if (all.length > DIGEST) {
                byte[] rest = Arrays.copyOfRange(all, DIGEST, all.length);
                if (Arrays.equals(Digests.sha256(rest), Arrays.copyOf(all, DIGEST))) {
                    return Optional.of(rest);
                }
            }
        } catch (IOException e) {
            // not cached yet, or not readable
        }
        return Optional.empty();
    }

    private static void write(Path file, byte[] rest) {
        byte[] all = Arrays.copyOf(Digests.sha256(rest), DIGEST + rest.length);
        System.arraycopy(rest, 0, all, DIGEST, rest.length);
        try {
            Files.createDirectories(file.getParent());
            OutputFile.write(file, out -> out.write(all));
        } catch (IOException e) {
            // It is compiled again next time.
        }
    }
}
