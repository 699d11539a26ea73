package radedit.tools.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Says what a file is that is not one of torch.save, as far as its first bytes tell. */
final class OtherFormats {
    private static final int TAR_MAGIC = 257;

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
        if (start.startsWith("version https://git-lfs")) {
            return "a Git LFS pointer, not the file it stands for; fetch that with 'git lfs pull'";
        }
        if (start.startsWith("\u001f\u008b")) {
            return "compressed with gzip; unpack it first";
        }
        if (start.startsWith("<")) {
            return "a web page, not a checkpoint; the download went wrong";
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
