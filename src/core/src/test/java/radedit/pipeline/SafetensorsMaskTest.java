package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Mask;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.safetensors.SafetensorsWriter;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Masks in safetensors, as the service that {@link MaskSource} finds. */
class SafetensorsMaskTest {
    @TempDir
    Path temp;

    private static Mask read(Path file) throws IOException {
        return MaskSource.of(file.toString()).read(new Extent(3, 2), note -> {});
    }

    @Test
    void aPointerInPlaceOfATensorIsNamed() throws Exception {
        Path file = Files.writeString(temp.resolve("lfs.safetensors"), "version https://git-lfs.github.com/spec/v1\n");
        assertEquals(file + ": is a Git LFS pointer, not the file; 'git lfs pull' fetches it",
                assertThrows(ImageFormatException.class, () -> read(file)).getMessage());
    }

    @Test
    void tensorsWithAxesOfOne() throws Exception {
        for (Shape shape : new Shape[]{Shape.of(2, 3), Shape.of(1, 2, 3), Shape.of(1, 1, 2, 3), Shape.of(2, 1, 3)}) {
            Path file = temp.resolve("axes.safetensors");
            SafetensorsWriter w = new SafetensorsWriter();
            w.add("mask", DType.F32, Tensor.of(shape, 1, 0, 0, 0, 1, 0));
            try (var out = Files.newOutputStream(file)) {
                w.writeTo(out);
            }
            if (shape.dim(0) == 2 && shape.rank() > 2) {
                assertTrue(assertThrows(ImageFormatException.class, () -> read(file)).getMessage()
                        .contains("[rows, columns] is expected"));
            } else {
                assertArrayEquals(new boolean[]{true, false, false, false, true, false}, read(file).pixels());
            }
        }
    }
}
