package radedit.signature;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SignatureException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.safetensors.FormatException;
import radedit.safetensors.Json;

/**
 * The signature of a model with a key on an elliptic curve, in the format of the OpenSSF's model signing v1.0: a Sigstore
 * bundle with a DSSE envelope around a {@link ModelStatement}. Bundles with certificates, which Sigstore's keyless signing
 * makes, are refused.
 */
public final class ModelSignature {
    private static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final String keyHint;
    private final byte[] payload;
    private final byte[] signature;

    private ModelSignature(Path file, String keyHint, byte[] payload, byte[] signature) {
        this.file = file;
        this.keyHint = keyHint;
        this.payload = payload;
        this.signature = signature;
    }

    /**
     * Signs a model.
     *
     * @param model
     *            its files
     * @param key
     *            a key on an elliptic curve
     * @param progress
     *            receives the name of each file before it is read
     * @param file
     *            what the signature's file will be called, for messages
     * @return the signature
     * @throws IllegalArgumentException
     *             if the key is of another kind
     * @throws IOException
     *             if the model cannot be read
     */
    public static ModelSignature sign(ModelFiles model, SigningKey key, Consumer<String> progress, Path file)
            throws IOException {
        if (!key.publicKey().isEc()) {
            throw new IllegalArgumentException(
                    "models are signed with a key on P-256, P-384 or P-521, not one for "
                            + key.publicKey().algorithm());
        }
        byte[] payload = JSON
                .writeValueAsBytes(ModelStatement.of(model, progress).document(model.followsLinks()));
        return new ModelSignature(file, key.publicKey().pemFingerprint(), payload,
                key.sign(preAuthentication(payload)));
    }

    /** What is signed of a payload (DSSE v1, pre-authentication encoding). */
    private static byte[] preAuthentication(byte[] payload) {
        byte[] head = ("DSSEv1 " + PAYLOAD_TYPE.length() + " " + PAYLOAD_TYPE + " " + payload.length + " ")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    /**
     * Writes the signature.
     *
     * @param out
     *            not closed
     * @throws IOException
     *             if that fails
     */
    public void writeTo(OutputStream out) throws IOException {
        Map<String, Object> material = new LinkedHashMap<>();
        material.put("publicKey", Map.of("hint", keyHint));
        material.put("tlogEntries", List.of());
        Map<String, Object> signed = new LinkedHashMap<>();
        signed.put("sig", signature);
        signed.put("keyid", "");
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("payload", payload);
        envelope.put("payloadType", PAYLOAD_TYPE);
        envelope.put("signatures", List.of(signed));
        Map<String, Object> bundle = new LinkedHashMap<>();
        bundle.put("mediaType", MEDIA_TYPE);
        bundle.put("verificationMaterial", material);
        bundle.put("dsseEnvelope", envelope);
        out.write(JSON.writeValueAsBytes(bundle));
    }

    /**
     * Reads a signature, and checks nothing but its form.
     *
     * @param file
     *            the file
     * @return the signature
     * @throws FormatException
     *             if it is none, or one of a kind that is not supported
     * @throws IOException
     *             if it cannot be read
     */
    public static ModelSignature read(Path file) throws IOException {
        JsonNode bundle = Json.read(file);
        String type = bundle.path("mediaType").asText();
        if (!type.equals(MEDIA_TYPE)) {
            throw new FormatException(file, type.isEmpty()
                    ? "is not the signature of a model"
                    : "is a bundle of type '" + type + "'; expected " + MEDIA_TYPE);
        }
        JsonNode material = bundle.path("verificationMaterial");
        if (!material.has("publicKey")) {
            throw new FormatException(file, material.has("certificate") || material.has("x509CertificateChain")
                    ? "is signed with a certificate, which is not supported; the program model_signing verifies it"
                    : "says nothing of its key");
        }
        JsonNode envelope = bundle.path("dsseEnvelope");
        if (!envelope.path("payloadType").asText().equals(PAYLOAD_TYPE) || envelope.path("signatures").size() != 1) {
            throw new FormatException(file, "is not one signature of an in-toto statement");
        }
        return new ModelSignature(file, material.path("publicKey").path("hint").asText(""),
                bytes(file, envelope.path("payload")), bytes(file, envelope.path("signatures").path(0).path("sig")));
    }

    private static byte[] bytes(Path file, JsonNode text) throws FormatException {
        try {
            return Base64.getDecoder().decode(text.asText());
        } catch (IllegalArgumentException e) {
            throw new FormatException(file, "its base64 is damaged");
        }
    }

    /**
     * {@return what was signed}
     *
     * @param key
     *            the signer's
     * @throws SignatureException
     *             if it is not the key's signature
     * @throws FormatException
     *             if what was signed is no statement on a model
     */
    public ModelStatement verified(VerifyingKey key) throws SignatureException, FormatException {
        if (!keyHint.isEmpty() && !keyHint.equals(key.pemFingerprint())) {
            throw new SignatureException("made with another key, whose PEM form has the SHA-256 " + keyHint);
        }
        if (!key.isEc() || !key.verifies(preAuthentication(payload), signature)) {
            throw new SignatureException("not made with this key, or changed since");
        }
        return ModelStatement.parse(file, payload);
    }
}
