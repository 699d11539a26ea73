package radedit.imaging.volume;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;

/**
 * Reads NRRD: a header of lines {@code field: value}, followed by the voxels (.nrrd) or with a separate voxel file (.nhdr), raw,
 * gzipped or as text.
 *
 * @see <a href="https://teem.sourceforge.net/nrrd/format.html">Definition of the format</a>
 */
public final class NrrdReader implements FilmReader {
    private static final String MAGIC = "NRRD000";
    /** Deflate compresses to 1/1032 at best. */
    private static final long MAX_EXPANSION = 1032;

    @Override
    public String format() {
        return "NRRD";
    }

    @Override
    public Match accepts(byte[] head) {
        for (int i = 0; i < MAGIC.length(); i++) {
            if (i >= head.length || head[i] != MAGIC.charAt(i)) {
                return Match.NO;
            }
        }
        return Match.YES;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            HeaderLines lines = new HeaderLines(file, in);
            NrrdHeader h = NrrdHeader.read(file, lines);
            String name = h.dataFile();
            if (name == null) {
                return read(file, h, in, Files.size(file) - lines.read(), frame);
            }
            Path data = DataFile.of(file, name);
            try (InputStream other = new BufferedInputStream(Files.newInputStream(data), 1 << 16)) {
                return read(file, h, other, Files.size(data), frame);
            }
        } catch (ZipException e) {
            throw new ImageFormatException(file, "damaged gzip data (" + e.getMessage() + ")", e);
        } catch (java.io.EOFException e) {
            throw new ImageFormatException(file, "truncated: it ends before its last voxel", e);
        }
    }

    @Override
    public Optional<Path> dataFile(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            String name = NrrdHeader.read(file, new HeaderLines(file, in)).dataFile();
            return name == null ? Optional.empty() : Optional.of(DataFile.of(file, name));
        }
    }

    private FilmContent read(Path file, NrrdHeader h, InputStream in, long length, int frame) throws IOException {
        for (long i = 0; i < h.lineSkip(); i++) {
            int c = in.read();
            while (c != '\n') {
                if (c < 0) {
                    throw new ImageFormatException(file, "truncated: it ends before its voxels");
                }
                c = in.read();
            }
        }
        VoxelGrid grid = h.grid();
        return switch (h.encoding()) {
            case TEXT -> grid.read(file, format(), new NumberText(file, in), frame, length);
            case GZIP -> {
                try (InputStream unpacked = new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16)) {
                    unpacked.skipNBytes(Math.max(0, h.byteSkip()));
                    yield grid.read(file, format(), unpacked, frame, length * MAX_EXPANSION);
                }
            }
            case RAW -> {
                long skip = h.byteSkip() >= 0 ? h.byteSkip() : length - grid.bytes(false);
                if (skip < 0 || skip > length) {
                    throw new ImageFormatException(file, "truncated: it ends before its voxels");
                }
                in.skipNBytes(skip);
                yield grid.read(file, format(), in, frame, length - skip);
            }
        };
    }
}
