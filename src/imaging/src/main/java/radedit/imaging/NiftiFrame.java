package radedit.imaging;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;
import radedit.imaging.pixel.PixelArray;

/** Position of a film from a NIfTI file: its header, and for a film of one frame the file's own voxels. */
public final class NiftiFrame implements FilmSpace {
    private final NiftiHeader header;
    private final NiftiType type;
    private final byte @Nullable [] voxels;

    /**
     * @param header
     *            the header of a file with this frame alone
     * @param voxels
     *            null for several frames
     */
    NiftiFrame(NiftiHeader header, NiftiType type, byte @Nullable [] voxels) {
        this.header = header;
        this.type = type;
        this.voxels = voxels;
    }

    /** A copy of the header. */
    NiftiHeader header() {
        return header.copy();
    }

    /** The nearest number that a voxel can hold. */
    double nearest(double v) {
        return type.nearest(v);
    }

    /**
     * The file's voxels, replaced where {@code other} differs from {@code read}; all other voxels stay the same to the
     * bit.
     */
    byte[] voxels(PixelArray read, PixelArray other) {
        if (voxels == null) {
            throw new IllegalStateException("several frames");
        }
        byte[] out = voxels.clone();
        ByteBuffer b = ByteBuffer.wrap(out).order(header.order());
        for (int i = 0; i < read.size(); i++) {
            if (Double.compare(read.at(i), other.at(i)) != 0) {
                type.write(b, i, other.at(i));
            }
        }
        return out;
    }
}
