package radedit.exec.tornado;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import radedit.digest.Digests;

/** Hash of the kernel classes, from which TornadoVM generates source for a device. */
final class KernelFingerprint {
    /** Classes, other than launch records, that contain kernel code or slots or rewrite the generated source. */
    private static final List<Class<?>> SHARED = List.of(GemmTile.class, GemmEpilogue.class, FeatureMap.class,
            WinogradTiles.class, Activations.class, Rounding.class, StoreKernels.class, VectorReads.class,
            KernelStore.class);

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
            for (Class<?> c : Stream.concat(Arrays.stream(Launch.class.getPermittedSubclasses()), SHARED.stream())
                    .toList()) {
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
