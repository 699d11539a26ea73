package radedit.certificate;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.digest.Digests;
import radedit.imaging.Films;
import radedit.imaging.pixel.PixelArray;
import radedit.pipeline.SettingsReader;
import radedit.safetensors.Safetensors;
import radedit.safetensors.TensorInfo;

/** What a certificate says of a picture. */
final class PictureFacts {
    private static final int CHUNK = 8192;
    private static final int BLOCK = 1 << 20;

    private PictureFacts() {
    }

    /**
     * {@return hashes and settings of a picture}
     *
     * @param file
     *            a picture of this program
     * @throws IOException
     *             if it cannot be read, or holds no settings
     */
    static ObjectNode of(Path file) throws IOException {
        JsonNode settings = SettingsReader.read(file);
        ObjectNode o = JsonNodeFactory.instance.objectNode();
        o.put("sha256", Digests.hex("SHA-256", file));
        o.put("pixels_sha256", pixels(file));
        ArrayNode inputs = o.putArray("inputs");
        ArrayNode weights = o.putArray("weights_sha256");
        ArrayNode backends = o.putArray("backends");
        for (JsonNode each : settings.isArray() ? settings : List.of(settings)) {
            add(inputs, each.path("inputs"));
            add(weights, each.path("model").path("sha256"));
            add(backends, each.path("backend"));
        }
        o.set("settings", settings);
        return o;
    }

    /** Adds what is there and is not in the array yet. */
    private static void add(ArrayNode to, JsonNode value) {
        if (value.isMissingNode()) {
            return;
        }
        for (JsonNode known : to) {
            if (known.equals(value)) {
                return;
            }
        }
        to.add(value);
    }

    /**
     * The hash of a picture's values: of a line FRAMES ROWS COLUMNS SAMPLES, and the stored values as little-endian doubles;
     * of tensors, of a line NAME TYPE SHAPE and the bytes of each, by name.
     */
    private static String pixels(Path file) throws IOException {
        MessageDigest digest = Digests.sha256();
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            tensors(file, digest);
        } else {
            values(Films.read(file).pixels(), digest);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void values(PixelArray p, MessageDigest digest) {
        digest.update((p.frames() + " " + p.rows() + " " + p.columns() + " " + p.samples() + "\n")
                .getBytes(StandardCharsets.US_ASCII));
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < p.size(); i++) {
            bytes.putDouble(p.at(i));
            if (!bytes.hasRemaining()) {
                digest.update(bytes.flip());
                bytes.clear();
            }
        }
        digest.update(bytes.flip());
    }

    private static void tensors(Path file, MessageDigest digest) throws IOException {
        try (Safetensors s = Safetensors.open(file)) {
            for (Map.Entry<String, TensorInfo> e : new TreeMap<>(s.tensors()).entrySet()) {
                String name = e.getKey();
                TensorInfo info = e.getValue();
                digest.update(
                        (name + " " + info.dtype() + " " + info.shape() + "\n").getBytes(StandardCharsets.UTF_8));
                MemorySegment bytes = s.encoded(name);
                for (long at = 0; at < bytes.byteSize(); at += BLOCK) {
                    digest.update(bytes.asSlice(at, Math.min(BLOCK, bytes.byteSize() - at)).asByteBuffer());
                }
            }
        }
    }
}
