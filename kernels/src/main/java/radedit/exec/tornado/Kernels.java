package radedit.exec.tornado;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What identifies kernels. */
final class Kernels {
    private static final List<Class<?>> ALL = List.of(Gemm.class, GemmTile.class,
            AttentionKernel.class, NormKernels.class, PointwiseKernels.class, WinogradKernels.class, LatentKernels.class, StoreKernels.class, Functions.class);

    private static final String FINGERPRINT = ofClasses();

    private Kernels() {
    }

    /** The hash of the kernels' class files, from which the device's source is generated. */
    static String fingerprint() {
        return FINGERPRINT;
    }

    private static String ofClasses() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (Class<?> c : ALL) {
                try (InputStream in = c.getResourceAsStream(c.getSimpleName() + ".class")) {
                    in.transferTo(all);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return hash(all.toByteArray());
    }

    /** The first 16 digits of the SHA-256. */
    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
