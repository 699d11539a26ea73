package radedit.imaging.volume;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import radedit.imaging.FilmSpace;
import radedit.imaging.ImageFormatException;

/**
 * The fields of an NRRD header.
 *
 * @param dataFile
 *            name of the voxel file; null if the voxels follow the header
 * @param lineSkip
 *            lines before the voxels
 * @param byteSkip
 *            bytes before the voxels; -1 if they are at the end of the file
 */
record NrrdHeader(VoxelGrid grid, Encoding encoding, @Nullable String dataFile, long lineSkip, long byteSkip) {
    enum Encoding {
        RAW, GZIP, TEXT
    }

    private static final Map<String, VoxelType> TYPES = new HashMap<>();
    static {
        name(VoxelType.INT8, "signed char", "int8", "int8_t");
        name(VoxelType.UINT8, "uchar", "unsigned char", "uint8", "uint8_t");
        name(VoxelType.INT16, "short", "short int", "signed short", "signed short int", "int16", "int16_t");
        name(VoxelType.UINT16, "ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t");
        name(VoxelType.INT32, "int", "signed int", "int32", "int32_t");
        name(VoxelType.UINT32, "uint", "unsigned int", "uint32", "uint32_t");
        name(VoxelType.INT64, "longlong", "long long", "long long int", "signed long long", "signed long long int",
                "int64", "int64_t");
        name(VoxelType.UINT64, "ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t");
        name(VoxelType.FLOAT32, "float");
        name(VoxelType.FLOAT64, "double");
    }
    /** Kinds of axes whose entries are the samples of a pixel. */
    private static final List<String> SAMPLES = List.of("rgb-color", "3-color", "vector", "3-vector", "list", "point",
            "none", "???", "stub", "scalar");
    private static final Pattern VECTOR = Pattern.compile("none|\\(([^)]*)\\)");

    private static void name(VoxelType type, String... names) {
        for (String n : names) {
            TYPES.put(n, type);
        }
    }

    /** Reads the lines up to the empty one, or to the end of a detached header. */
    static NrrdHeader read(Path file, HeaderLines lines) throws IOException {
        Map<String, String> fields = new HashMap<>();
        lines.next();
        String line = lines.next();
        while (line != null && !line.isEmpty()) {
            int colon = line.indexOf(": ");
            if (!line.startsWith("#") && !line.contains(":=") && colon > 0) {
                fields.put(line.substring(0, colon).replaceAll("[ _-]", "").toLowerCase(Locale.ROOT),
                        line.substring(colon + 2).strip());
            }
            line = lines.next();
        }
        String data = fields.get("datafile");
        if (data != null && (data.startsWith("LIST") || data.contains("%"))) {
            throw new ImageFormatException(file, "keeps its slices in several files; convert it to one .nrrd file");
        }
        if (data == null && line == null) {
            throw new ImageFormatException(file, "damaged header (it does not end)");
        }
        return of(file, fields, data);
    }

    private static NrrdHeader of(Path file, Map<String, String> fields, @Nullable String data)
            throws ImageFormatException {
        String typeName = needed(file, fields, "type").toLowerCase(Locale.ROOT);
        VoxelType type = TYPES.get(typeName);
        if (type == null) {
            throw new ImageFormatException(file,
                    "has voxels of type '" + typeName.replaceAll("[^ -~]", "?").substring(0,
                            Math.min(40, typeName.length())) + "', which are not supported");
        }
        String extents = needed(file, fields, "sizes");
        List<Long> sizes = new ArrayList<>(HeaderLines.integers(file, "sizes", extents));
        if (sizes.size() != HeaderLines.integer(file, "dimension", needed(file, fields, "dimension"))) {
            throw HeaderLines.damaged(file, "sizes", extents);
        }
        List<String> spacings = spacings(fields, sizes.size());
        int samples = 1;
        // A leading axis of samples of a pixel.
        String[] kinds = fields.getOrDefault("kinds", "").toLowerCase(Locale.ROOT).split("\\s+");
        boolean colours = sizes.size() > 2 && (fields.getOrDefault("spacedirections", "").startsWith("none")
                || kinds.length == sizes.size() && SAMPLES.contains(kinds[0]) && !kinds[1].equals(kinds[0]));
        if (colours) {
            samples = Math.clamp(sizes.removeFirst(), -1, 1 << 16);
            spacings.removeFirst();
        }
        String endian = fields.getOrDefault("endian", "");
        if (type.bytes() > 1 && !endian.equalsIgnoreCase("little") && !endian.equalsIgnoreCase("big")
                && encoding(file, fields) != Encoding.TEXT) {
            throw new ImageFormatException(file, "damaged header (endian: '"
                    + endian.replaceAll("\\W", "?").substring(0, Math.min(20, endian.length())) + "')");
        }
        VoxelGrid grid = VoxelGrid.of(file, type,
                endian.equalsIgnoreCase("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, sizes, samples,
                spacings.size() < 2
                        ? FilmSpace.UNKNOWN
                        : HeaderLines.space(spacings.get(1), spacings.get(0), "spacings"));
        return new NrrdHeader(grid, encoding(file, fields), data, skip(file, fields, "lineskip", 0),
                skip(file, fields, "byteskip", -1));
    }

    private static String needed(Path file, Map<String, String> fields, String field) throws ImageFormatException {
        String value = fields.get(field);
        if (value == null) {
            throw new ImageFormatException(file, "damaged header (" + field + " is missing)");
        }
        return value;
    }

    private static long skip(Path file, Map<String, String> fields, String field, long least)
            throws ImageFormatException {
        String text = fields.getOrDefault(field, "0");
        long n = HeaderLines.integer(file, field, text);
        if (n < least) {
            throw HeaderLines.damaged(file, field, text);
        }
        return n;
    }

    private static Encoding encoding(Path file, Map<String, String> fields) throws ImageFormatException {
        String name = needed(file, fields, "encoding").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "raw" -> Encoding.RAW;
            case "gz", "gzip" -> Encoding.GZIP;
            case "txt", "text", "ascii" -> Encoding.TEXT;
            default -> throw new ImageFormatException(file, "has the encoding '"
                    + name.replaceAll("\\W", "?").substring(0, Math.min(20, name.length()))
                    + "', which is not supported; save it as raw or gzip");
        };
    }

    /** For each axis, as text, its spacing or the length of its direction. */
    private static List<String> spacings(Map<String, String> fields, int axes) {
        List<String> out = new ArrayList<>();
        String spacings = fields.get("spacings");
        if (spacings != null) {
            out.addAll(List.of(spacings.split("\\s+")));
        } else {
            Matcher m = VECTOR.matcher(fields.getOrDefault("spacedirections", ""));
            while (m.find() && out.size() < axes) {
                out.add(m.group(1) == null ? "NaN" : length(m.group(1)));
            }
        }
        while (out.size() < axes) {
            out.add("NaN");
        }
        return out;
    }

    private static String length(String vector) {
        double sum = 0;
        for (String word : vector.split(",")) {
            try {
                double v = Double.parseDouble(word.strip());
                sum += v * v;
            } catch (NumberFormatException e) {
                return "NaN";
            }
        }
        return Double.toString(Math.sqrt(sum));
    }
}
