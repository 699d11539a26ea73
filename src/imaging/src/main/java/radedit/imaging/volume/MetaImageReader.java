package radedit.imaging.volume;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmReader;
import radedit.imaging.FilmSpace;
import radedit.imaging.ImageFormatException;

/**
 * Reads MetaImage: a header of lines {@code Key = value}, followed by the voxels (.mha) or with a separate voxel file (.mhd), as ITK
 * writes it.
 *
 * @see <a href="https://itk.org/Wiki/ITK/MetaIO/Documentation">MetaIO</a>
 */
public final class MetaImageReader implements FilmReader {
    private static final Map<String, VoxelType> TYPES = Map.ofEntries(Map.entry("MET_CHAR", VoxelType.INT8),
            Map.entry("MET_ASCII_CHAR", VoxelType.INT8), Map.entry("MET_UCHAR", VoxelType.UINT8),
            Map.entry("MET_SHORT", VoxelType.INT16), Map.entry("MET_USHORT", VoxelType.UINT16),
            Map.entry("MET_INT", VoxelType.INT32), Map.entry("MET_UINT", VoxelType.UINT32),
            Map.entry("MET_LONG", VoxelType.INT32), Map.entry("MET_ULONG", VoxelType.UINT32),
            Map.entry("MET_LONG_LONG", VoxelType.INT64), Map.entry("MET_ULONG_LONG", VoxelType.UINT64),
            Map.entry("MET_FLOAT", VoxelType.FLOAT32), Map.entry("MET_DOUBLE", VoxelType.FLOAT64));
    /** Deflate compresses to 1/1032 at best. */
    private static final long MAX_EXPANSION = 1032;
    private static final String DATA = "ElementDataFile";

    @Override
    public String format() {
        return "MetaImage";
    }

    @Override
    public Match accepts(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (!text.matches("(?s)[A-Za-z]\\w{1,40}[ \\t]*=.*")) {
            return Match.NO;
        }
        return text.matches("(?s)(ObjectType|NDims)[ \\t]*=.*")
                || text.contains("\nNDims") && text.contains("\nDimSize")
                        ? Match.YES
                        : Match.NO;
    }

    @Override
    public FilmContent read(Path file, int frame) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            HeaderLines lines = new HeaderLines(file, in);
            Map<String, String> keys = keys(file, lines);
            Header h = new Header(file, keys);
            Optional<Path> data = data(file, keys);
            if (data.isEmpty()) {
                return h.read(in, Files.size(file) - lines.read(), frame);
            }
            try (InputStream other = new BufferedInputStream(Files.newInputStream(data.get()), 1 << 16)) {
                long length = Files.size(data.get());
                return h.read(other, length - h.skip(other, length), frame);
            }
        } catch (ZipException e) {
            throw new ImageFormatException(file, "damaged compressed data (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public Optional<Path> dataFile(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return data(file, keys(file, new HeaderLines(file, in)));
        }
    }

    private static Map<String, String> keys(Path file, HeaderLines lines) throws IOException {
        Map<String, String> keys = new HashMap<>();
        while (!keys.containsKey(DATA)) {
            String line = lines.next();
            if (line == null) {
                throw new ImageFormatException(file, "damaged header (it ends before " + DATA + ")");
            }
            int equals = line.indexOf('=');
            if (equals > 0) {
                keys.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
            }
        }
        return keys;
    }

    /** The voxel file; empty if the voxels follow the header. */
    private static Optional<Path> data(Path file, Map<String, String> keys) throws ImageFormatException {
        String name = needed(file, keys, DATA);
        if (name.equalsIgnoreCase("LOCAL")) {
            return Optional.empty();
        }
        if (name.startsWith("LIST") || name.contains("%")) {
            throw new ImageFormatException(file, "keeps its slices in several files; convert it to one .mha file");
        }
        return Optional.of(DataFile.of(file, name));
    }

    private static String needed(Path file, Map<String, String> keys, String key) throws ImageFormatException {
        String value = keys.get(key);
        if (value == null) {
            throw new ImageFormatException(file, "damaged header (" + key + " is missing)");
        }
        return value;
    }

    /** The parsed header. */
    private static final class Header {
        private final Path file;
        private final Map<String, String> keys;
        private final VoxelGrid grid;

        Header(Path file, Map<String, String> keys) throws ImageFormatException {
            this.file = file;
            this.keys = keys;
            String object = keys.getOrDefault("ObjectType", "Image");
            if (!object.equalsIgnoreCase("Image")) {
                throw new ImageFormatException(file, "is a MetaIO object of type " + plain(object) + ", not an image");
            }
            String typeName = needed(file, keys, "ElementType");
            VoxelType type = TYPES.get(typeName.toUpperCase(Locale.ROOT));
            if (type == null) {
                throw new ImageFormatException(file, "has elements of type " + plain(typeName)
                        + ", which are not supported");
            }
            String extents = needed(file, keys, "DimSize");
            var axes = HeaderLines.integers(file, "DimSize", extents);
            if (axes.size() != HeaderLines.integer(file, "NDims", needed(file, keys, "NDims"))) {
                throw HeaderLines.damaged(file, "DimSize", extents);
            }
            long samples = HeaderLines.integer(file, "ElementNumberOfChannels",
                    keys.getOrDefault("ElementNumberOfChannels", "1"));
            boolean big = isTrue("ElementByteOrderMSB") || isTrue("BinaryDataByteOrderMSB");
            String[] spacing = keys.getOrDefault("ElementSpacing", keys.getOrDefault("ElementSize", ""))
                    .split("\\s+");
            this.grid = VoxelGrid.of(file, type, big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, axes,
                    Math.clamp(samples, -1, 1 << 16),
                    spacing.length < 2
                            ? FilmSpace.UNKNOWN
                            : HeaderLines.space(spacing[1], spacing[0], "ElementSpacing"));
        }

        private static String plain(String text) {
            return text.replaceAll("\\W", "?").substring(0, Math.min(40, text.length()));
        }

        private boolean isTrue(String key) {
            String value = keys.getOrDefault(key, "");
            return value.startsWith("T") || value.startsWith("t") || value.startsWith("1");
        }

        private boolean isText() {
            return keys.containsKey("BinaryData") && !isTrue("BinaryData");
        }

        /** Skips the bytes of a data file before its voxels, and returns their number. */
        long skip(InputStream in, long length) throws IOException {
            long skipped = HeaderLines.integer(file, "HeaderSize", keys.getOrDefault("HeaderSize", "0"));
            if (skipped == -1 && !isTrue("CompressedData") && !isText()) {
                skipped = length - grid.bytes(false); // the voxels are at its end
            }
            if (skipped < 0 || skipped > length) {
                throw HeaderLines.damaged(file, "HeaderSize", keys.getOrDefault("HeaderSize", "0"));
            }
            in.skipNBytes(skipped);
            return skipped;
        }

        FilmContent read(InputStream in, long length, int frame) throws IOException {
            if (isText()) {
                return grid.read(file, "MetaImage", new NumberText(file, in), frame, length);
            }
            if (!isTrue("CompressedData")) {
                return grid.read(file, "MetaImage", in, frame, length);
            }
            try (InflaterInputStream unpacked = new InflaterInputStream(in)) {
                return grid.read(file, "MetaImage", unpacked, frame, length * MAX_EXPANSION);
            } catch (java.io.EOFException e) {
                throw new ImageFormatException(file, "truncated: it ends before its last voxel", e);
            }
        }
    }
}
