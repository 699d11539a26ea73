package radedit.imaging;

import java.nio.ByteBuffer;

import radedit.imaging.pixel.PixelArray;

/** Where the film of a NIfTI file lies, and how: its header, and of a film of one frame its voxels as the file has them. */
public final class NiftiFrame implements FilmSpace {
    private final NiftiHeader header;
    private final NiftiType type;
    private final byte[] voxels;

    /**
     * @param header
     *            of a file with this frame alone
     * @param voxels
     *            null of several frames
     */
    NiftiFrame(NiftiHeader header, NiftiType type, byte[] voxels) {
        this.header = header;
        this.type = type;
        this.voxels = voxels;
    }

    /** A copy of the header. */
    NiftiHeader header() {
        return header.copy();
    }

    /** The number nearest to one that a voxel can hold. */
    double nearest(double v) {
        return type.nearest(v);
    }

    /**
     * The file's own voxels with other values where these differ from what was read, so that all else stays as it is to the
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
