package radedit.exec.tornado;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What identifies this build's kernels. */
final class Kernels {
    private static final List<Class<?>> ALL = List.of(Gemm.class, GemmTile128.class, GemmTile64.class,
            AttentionKernel.class, NormKernels.class, PointwiseKernels.class, StoreKernels.class, Functions.class);

    private Kernels() {
    }

    /** The first 16 digits of the SHA-256 of the kernels' class files, from which the device's source is generated. */
    static String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Class<?> c : ALL) {
                try (InputStream in = c.getResourceAsStream(c.getSimpleName() + ".class")) {
                    digest.update(in.readAllBytes());
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
