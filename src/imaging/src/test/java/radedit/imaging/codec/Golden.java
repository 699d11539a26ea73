package radedit.imaging.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import radedit.testdata.TestData;

/**
 * A codestream with the samples it decodes to.
 *
 * <p>
 * Most were made for these tests: with OpenJPEG 2.5.0, libjpeg-turbo 2.1 and 3.1, CharLS 2.4 and pylibjpeg-rle, and by
 * small encoders written from T.81 and T.87 for what those do not write (point transform, restart lines, MAXVAL). What
 * they decode to was taken from OpenJPEG 2.5.4, libjpeg-turbo 3.1.3 and CharLS 2.4.3; from pylibjpeg for jls_maxval, where
 * CharLS departs from T.87; and from the source picture for lj_rgb_planar. Those called pydicom_ are frames of pydicom's
 * test files.
 *
 * @param photometric
 *            Photometric Interpretation to pass on, or - for none
 * @param sha256
 *            of the samples as little-endian 32-bit integers
 */
record Golden(String name, String syntax, int width, int height, int components, int bitsAllocated, String photometric,
        int precision, boolean signed, String sha256, byte[] codestream) {
    private static final List<Golden> ALL = load();

    static List<Golden> all() {
        return ALL;
    }

    static Golden named(String name) {
        return ALL.stream().filter(g -> g.name.equals(name)).findFirst().orElseThrow();
    }

    private static List<Golden> load() {
        try (InputStream zip = Files.newInputStream(TestData.resource("/codec/goldens.zip"));
                InputStream index = Files.newInputStream(TestData.resource("/codec/goldens.tsv"))) {
            Map<String, byte[]> codestreams = new HashMap<>();
            ZipInputStream in = new ZipInputStream(zip);
            for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                codestreams.put(e.getName().replace(".bin", ""), in.readAllBytes());
            }
            List<Golden> all = new ArrayList<>();
            for (String line : new String(index.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                String[] f = line.split("\t");
                all.add(new Golden(f[0], f[1], Integer.parseInt(f[2]), Integer.parseInt(f[3]), Integer.parseInt(f[4]),
                        Integer.parseInt(f[5]), f[6], Integer.parseInt(f[7]), f[8].equals("1"), f[9],
                        codestreams.get(f[0])));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DecodedFrame decode() throws CodecException {
        return decode(codestream);
    }

    /** Decodes another codestream under this one's numbers. */
    DecodedFrame decode(byte[] other) throws CodecException {
        if (photometric.equals("-")) {
            return FrameDecoders.decode(syntax, other, width, height, components, bitsAllocated);
        }
        return FrameDecoders.decode(syntax, other, width, height, components, bitsAllocated, photometric);
    }

    static String hash(int[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(samples);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
