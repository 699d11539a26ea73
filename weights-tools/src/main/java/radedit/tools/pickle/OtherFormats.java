package radedit.tools.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import radedit.safetensors.Placeholder;

/** Identifies files that are not from torch.save, by their first bytes. */
final class OtherFormats {
    private static final int TAR_MAGIC = 257;

    private static final Map<String, String> BEGINNINGS = Map.of("\u001f\u008b",
            "compressed with gzip; unpack it first",
            "BZh", "compressed with bzip2; unpack it first", "\u00fd7zXZ", "compressed with xz; unpack it first",
            "(\u00b5/\u00fd", "compressed with zstd; unpack it first", "7z\u00bc\u00af",
            "a 7z archive; unpack it first",
            "Rar!", "a RAR archive; unpack it first", "PK\u0005\u0006", "an empty zip archive",
            "\u0089HDF", "an HDF5 file, as Keras writes; weights of PyTorch are expected",
            "GGUF", "a GGUF file; weights of PyTorch are expected");

    private OtherFormats() {
    }

    static String describe(MemorySegment file) {
        if (text(file, TAR_MAGIC, 5).equals("ustar")) {
            return "a tar archive, as PyTorch before 0.1.10 wrote; that container is not read here: load the file with"
                    + " PyTorch and save it again";
        }
        String start = text(file, 0, 64);
        if (file.byteSize() == 0) {
            return "is empty";
        }
        String placeholder = Placeholder.describe(start.getBytes(StandardCharsets.ISO_8859_1));
        if (placeholder != null) {
            return placeholder;
        }
        for (Map.Entry<String, String> e : BEGINNINGS.entrySet()) {
            if (start.startsWith(e.getKey())) {
                return e.getValue();
            }
        }
        return "neither safetensors nor a file of torch.save";
    }

    private static String text(MemorySegment file, long at, int length) {
        long n = Math.clamp(file.byteSize() - at, 0, length);
        return n == 0
                ? ""
                : new String(file.asSlice(at, n).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }
}
