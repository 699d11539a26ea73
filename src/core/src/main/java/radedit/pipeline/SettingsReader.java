package radedit.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.message.JsonFault;
import radedit.imaging.ImageFormatException;
import radedit.imaging.NiftiComment;
import radedit.imaging.PngText;
import radedit.imaging.dicom.SecondaryCapture;
import radedit.safetensors.Safetensors;

/** Reads the settings from picture files that this program wrote, in any of its formats. */
public final class SettingsReader {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int HEADER_BYTES = 132;

    private SettingsReader() {
    }

    /**
     * Reads the settings of a file.
     *
     * @param file
     *            a PNG, DICOM, NIfTI or safetensors file
     * @return a JSON object, or an array of them if the file holds several pictures
     * @throws ImageFormatException
     *             if there are no settings, or the file is damaged
     * @throws IOException
     *             if the file cannot be read
     */
    public static JsonNode read(Path file) throws IOException {
        String text = text(file).orElseThrow(() -> new ImageFormatException(file,
                "holds no settings; only PNG, DICOM, NIfTI and safetensors files written by radedit do"));
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isObject() && !node.isArray()) {
                throw new ImageFormatException(file, "its settings are damaged");
            }
            return node;
        } catch (JacksonException e) {
            throw new ImageFormatException(file, "its settings are damaged: " + JsonFault.of(e.getOriginalMessage()),
                    e);
        }
    }

    /**
     * {@return whether a file holds settings, which may be damaged}
     *
     * @param file
     *            any file
     * @throws ImageFormatException
     *             if the file is damaged
     * @throws IOException
     *             if the file cannot be read
     */
    public static boolean isPresent(Path file) throws IOException {
        return text(file).isPresent();
    }

    private static Optional<String> text(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ImageFormatException(file, "is not a regular file");
        }
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEADER_BYTES);
        }
        if (head.length > 8 && (head[0] & 0xFF) == 0x89 && head[1] == 'P' && head[2] == 'N' && head[3] == 'G') {
            return PngText.read(file, Metadata.KEY);
        }
        if (head.length == HEADER_BYTES && head[128] == 'D' && head[129] == 'I' && head[130] == 'C'
                && head[131] == 'M') {
            return SecondaryCapture.settings(file);
        }
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            try (Safetensors s = Safetensors.open(file)) {
                return Optional.ofNullable(s.metadata().get(Metadata.KEY));
            }
        }
        return NiftiComment.read(file);
    }
}
