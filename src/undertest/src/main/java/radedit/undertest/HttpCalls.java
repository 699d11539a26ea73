package radedit.undertest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.undertest.ModelException.Reason;

/** Posts films to a server and returns its JSON; repeats what failed on the way or within the server. */
final class HttpCalls implements AutoCloseable {
    private static final String BOUNDARY = "RadEdit-film-0f7a4c21b6e94d5a";

    private final URI address;
    private final HttpOptions options;
    private final String authorization;
    private final HttpClient client;
    private final Semaphore slots;

    HttpCalls(URI address, HttpOptions options) throws ModelException {
        this.address = checked(address);
        this.options = options;
        this.authorization = options.authorization().isEmpty() ? "" : authorization();
        this.slots = new Semaphore(options.concurrency(), true);
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(options.connectTimeout()).build();
    }

    private static URI checked(URI address) throws ModelException {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String shown = address.getScheme() + "://" + address.getHost();
        if (!scheme.equals("http") && !scheme.equals("https") || address.getHost() == null) {
            throw new ModelException(Reason.REQUEST, SpecReader.shorten(address.toString())
                    + ": is not an address such as http://localhost:8000/predict");
        }
        if (address.getRawUserInfo() != null) {
            throw new ModelException(Reason.REQUEST,
                    shown + ": the address has a user name; credentials are read from an"
                            + " environment variable only, for the header Authorization");
        }
        if (address.getRawFragment() != null) {
            throw new ModelException(Reason.REQUEST, shown + ": the address has a fragment (#), which is never sent");
        }
        return address;
    }

    private String authorization() throws ModelException {
        String value = System.getenv(options.authorization());
        if (value == null || value.isBlank() || value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new ModelException(Reason.REQUEST, "the environment variable " + options.authorization() + " is "
                    + (value == null || value.isBlank() ? "not set" : "not a line of ASCII text")
                    + "; its value is sent as the header Authorization, such as 'Bearer TOKEN'");
        }
        String host = address.getHost().toLowerCase(Locale.ROOT);
        boolean local = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        if (!local && !"https".equalsIgnoreCase(address.getScheme())) {
            throw new ModelException(Reason.REQUEST, source()
                    + ": the header Authorization is sent over https:// or to this machine only");
        }
        return value;
    }

    /** The address without its query, which may have keys. */
    String source() {
        return address.getScheme() + "://" + address.getRawAuthority()
                + (address.getRawPath() == null ? "" : address.getRawPath());
    }

    /** Posts films, all in one request; waits until few enough others are on their way. */
    ObjectNode post(List<GreyFilm> films) throws IOException {
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted", e);
        }
        String text;
        try {
            text = new String(repeated(request(films)), StandardCharsets.UTF_8);
        } finally {
            slots.release();
        }
        try {
            return JsonFiles.object(text);
        } catch (IOException e) {
            throw failure("the answer " + e.getMessage() + ": " + SpecReader.shorten(text), e);
        }
    }

    private HttpRequest request(List<GreyFilm> films) throws IOException {
        HttpRequest.Builder b = HttpRequest.newBuilder(address).timeout(options.timeout()).header("Accept",
                "application/json");
        if (options.form() == HttpOptions.Form.MULTIPART) {
            b.header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                    .POST(BodyPublishers.ofByteArray(part(films.getFirst().toPng())));
        } else {
            List<String> images = films.stream().map(f -> Base64.getEncoder().encodeToString(f.toPng())).toList();
            b.header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(JsonFiles.text(Map.of("images", images))));
        }
        if (!authorization.isEmpty()) {
            b.header("Authorization", authorization);
        }
        return b.build();
    }

    private static byte[] part(byte[] png) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\"film.png\"\r\n"
                + "Content-Type: image/png\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(png);
        out.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private ModelException failure(String text, Throwable cause) {
        return new ModelException(Reason.RUN, source() + ": " + text, cause);
    }

    private byte[] repeated(HttpRequest request) throws IOException {
        String fault = "";
        try {
            for (int attempt = 0; attempt <= options.retries(); attempt++) {
                if (attempt > 0) {
                    Thread.sleep(options.retryDelay().multipliedBy(1L << attempt - 1));
                }
                try {
                    HttpResponse<byte[]> response = once(request);
                    int status = response.statusCode();
                    if (status / 100 == 2) {
                        return response.body();
                    }
                    fault = "status " + status + ": "
                            + SpecReader.shorten(new String(response.body(), StandardCharsets.UTF_8).strip());
                    if (status / 100 == 3) {
                        throw new ModelException(Reason.RUN, source() + ": redirects"
                                + response.headers().firstValue("Location").map(l -> " to " + SpecReader.shorten(l))
                                        .orElse("")
                                + " (status " + status + "), which is not followed; give the final address");
                    }
                    if (status / 100 != 5) {
                        throw new ModelException(Reason.RUN, source() + ": refused the request with " + fault);
                    }
                } catch (Unreached e) {
                    fault = String.valueOf(e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted", e);
        }
        throw new ModelException(Reason.RUN, source() + ": " + fault + " (after "
                + (options.retries() == 0 ? "one attempt)" : (options.retries() + 1) + " attempts)"));
    }

    /** No answer came; the next attempt may have one. */
    private static final class Unreached extends Exception {
        private static final long serialVersionUID = 1;

        Unreached(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private HttpResponse<byte[]> once(HttpRequest request) throws IOException, InterruptedException, Unreached {
        // The client's own limit of time does not cover the body.
        CompletableFuture<HttpResponse<byte[]>> call = client.sendAsync(request,
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), options.responseLimit()));
        try {
            return call.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw slow(e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof HttpConnectTimeoutException) {
                throw new Unreached("no connection within " + seconds(options.connectTimeout().toMillis()), cause);
            }
            if (cause instanceof HttpTimeoutException) {
                throw slow(cause);
            }
            if (cause instanceof ConnectException c) {
                boolean unknown = c.getCause() instanceof UnresolvedAddressException
                        || c.getCause() != null && c.getCause().getCause() instanceof UnresolvedAddressException;
                throw new Unreached(unknown ? "the host is unknown" : "no server accepts connections there", cause);
            }
            if (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("body exceeds")) {
                throw failure("the answer is larger than " + options.responseLimit() + " bytes", cause);
            }
            if (cause instanceof IOException) {
                throw new Unreached("the connection broke (" + cause.getMessage() + ")", cause);
            }
            throw failure(String.valueOf(cause), e);
        } finally {
            call.cancel(true);
        }
    }

    private ModelException slow(Throwable cause) {
        return failure("no complete answer within " + seconds(options.timeout().toMillis())
                + "; a longer time limit or smaller batches may help", cause);
    }

    private static String seconds(long millis) {
        return millis / 1000.0 + " s";
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
