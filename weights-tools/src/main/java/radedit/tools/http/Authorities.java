package radedit.tools.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The trusted certificate authorities: the JVM's, and those in the files named by SSL_CERT_FILE, REQUESTS_CA_BUNDLE and
 * CURL_CA_BUNDLE (of OpenSSL, Python's requests and curl) and in the folders of SSL_CERT_DIR.
 */
final class Authorities {
    private static final List<String> FILES = List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");
    private static final String FOLDERS = "SSL_CERT_DIR";
    /** Limit for a file; the certificates of all authorities in browsers take 250 kB. */
    private static final long MAX_BYTES = 16 << 20;
    private static final int MAX_FILES = 5000;
    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END (?:X509 |TRUSTED )?CERTIFICATE-----");

    private Authorities() {
    }

    /**
     * The TLS context for connections.
     *
     * @throws IllegalArgumentException
     *            if a variable's file is missing or has no certificate; the message names the variable
     */
    static SSLContext context(Map<String, String> env) {
        Set<Certificate> own = new LinkedHashSet<>();
        for (String variable : FILES) {
            String value = env.getOrDefault(variable, "");
            if (!value.isEmpty()) {
                own.addAll(named(variable, Path.of(value)));
            }
        }
        for (String folder : env.getOrDefault(FOLDERS, "").split(Pattern.quote(System.getProperty("path.separator")))) {
            if (!folder.isEmpty() && Files.isDirectory(Path.of(folder))) { // OpenSSL also skips missing ones
                own.addAll(inFolder(FOLDERS, Path.of(folder)));
            }
        }
        try {
            return own.isEmpty() ? SSLContext.getDefault() : trusting(own);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("no secure connections can be made: " + e.getMessage(), e);
        }
    }

    private static Set<Certificate> named(String variable, Path place) {
        if (!Files.exists(place)) {
            throw new IllegalArgumentException(variable + " names " + place + ", which does not exist");
        }
        Set<Certificate> found = Files.isDirectory(place) ? inFolder(variable, place) : inFile(variable, place);
        if (found.isEmpty()) {
            throw new IllegalArgumentException(variable + " names " + place + ", which holds no certificate"
                    + " (expected PEM: -----BEGIN CERTIFICATE-----)");
        }
        return found;
    }

    private static Set<Certificate> inFolder(String variable, Path folder) {
        Set<Certificate> all = new LinkedHashSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path f : files.filter(Files::isRegularFile).sorted().limit(MAX_FILES).toList()) {
                all.addAll(inFile(variable, f));
            }
        } catch (IOException e) {
            throw unreadable(variable, folder);
        }
        return all;
    }

    /** Certificates of a file; those that this JVM cannot read are skipped like comments. */
    private static Set<Certificate> inFile(String variable, Path file) {
        Set<Certificate> all = new LinkedHashSet<>();
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        variable + " names " + file + ", which is not a file of certificates");
            }
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            byte[] content = Files.readAllBytes(file);
            Matcher m = PEM.matcher(new String(content, StandardCharsets.ISO_8859_1));
            while (m.find()) {
                add(x509, decode(m.group(1)), all);
            }
            if (content.length > 0 && content[0] == 0x30) { // DER, without PEM encoding
                add(x509, content, all);
            }
        } catch (IOException e) {
            throw unreadable(variable, file);
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    private static byte[] decode(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private static void add(CertificateFactory x509, byte[] encoded, Set<Certificate> to) {
        try {
            to.add(x509.generateCertificate(new ByteArrayInputStream(encoded)));
        } catch (CertificateException e) {
            // unusable
        }
    }

    private static IllegalArgumentException unreadable(String variable, Path place) {
        return new IllegalArgumentException(variable + " names " + place + ", which cannot be read");
    }

    private static SSLContext trusting(Set<Certificate> own) throws GeneralSecurityException, IOException {
        List<Certificate> all = new ArrayList<>(own);
        for (TrustManager t : managers(null)) {
            if (t instanceof X509TrustManager x) {
                all.addAll(Arrays.asList(x.getAcceptedIssuers()));
            }
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < all.size(); i++) {
            store.setCertificateEntry(Integer.toString(i), all.get(i));
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers(store), null);
        return context;
    }

    /** Managers that trust a store's certificates, or for null those of the JVM. */
    private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory f = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        f.init(store);
        return f.getTrustManagers();
    }
}
