package radedit.exec.tornado;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;

import radedit.files.Digests;

/** The hash of the kernel classes, from which TornadoVM generates the source for a device. */
final class KernelFingerprint {
    private static final List<Class<?>> ALL = List.of(Gemm.class, GemmTile.class,
            AttentionKernel.class, NormKernels.class, PointwiseKernels.class, WinogradKernels.class, LatentKernels.class, StoreKernels.class, Activations.class);

    private static final String HASH = ofClasses();

    private KernelFingerprint() {
    }

    /** The hash of this build's kernel classes. */
    static String get() {
        return HASH;
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

    /** The first 16 hexadecimal digits of the SHA-256. */
    static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Digests.sha256(bytes), 0, 8);
    }
}
