package radedit.tools.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import radedit.tools.hub.HubException.Kind;

/**
 * The three requests of a fetch: list a repository, describe a file, get its bytes from an offset. Addresses and headers
 * are those of the hub's API and of huggingface_hub.
 */
final class HubClient implements AutoCloseable {
    /** Limit for a listing; that of a large repository has some MB. */
    private static final int MOST_LISTING = 32 << 20;
    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");

    private final HubSettings settings;
    private final FetchListener listener;
    private final HubRequests wire;
    private final HubErrors errors;
    private boolean answered;

    HubClient(HubSettings settings, FetchListener listener) {
        this.settings = settings;
        this.listener = listener;
        this.wire = new HubRequests(settings);
        this.errors = new HubErrors(settings.endpoint(), settings.token().isPresent());
    }

    /** A retry policy for one request. */
    Backoff backoff() {
        return new Backoff(settings.pause(), answered, listener);
    }

    /**
     * Lists a repository.
     *
     * @param revision
     *            a branch, tag or commit
     * @throws radedit.weights.WeightsException
     *            if the repository or revision does not exist or is not accessible
     */
    Listing listing(RepoId repo, String revision) throws IOException {
        URI address = URI.create(settings.endpoint() + "/api/models/" + repo + "/revision/"
                + encode(revision).replace("/", "%2F") + "?blobs=true");
        return backoff().run(() -> {
            try (Reply r = wire.send("GET", address, Map.of())) {
                answered = true;
                if (r.status() != 200) {
                    throw errors.refused(r, repo, revision, null);
                }
                return Listing.parse(all(r.body(), r.place()), r.place().getHost());
            }
        });
    }

    private static byte[] all(TimeoutStream body, URI from) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int n; (n = body.read(buffer)) >= 0;) {
            out.write(buffer, 0, n);
            if (out.size() > MOST_LISTING) {
                throw new HubException(Kind.FINAL, from.getHost() + " sends an endless list of files");
            }
        }
        return out.toByteArray();
    }

    /** Describes a file. */
    RemoteFile describe(RepoId repo, String commit, String file) throws IOException {
        return backoff().run(() -> {
            try (Reply r = wire.send("HEAD", address(repo, commit, file), Map.of())) {
                boolean redirect = r.status() / 100 == 3;
                if (r.status() != 200 && !redirect) {
                    throw errors.refused(r, repo, commit, file);
                }
                String other = r.header("x-repo-commit").orElse(commit);
                if (!other.equals(commit)) {
                    throw new HubException(Kind.FINAL, r.place().getHost() + " answers with another commit of " + repo
                            + " than was asked for: " + Names.clean(other));
                }
                String etag = r.etag().filter(Names::isBlob).orElseThrow(() -> new HubException(Kind.FINAL,
                        r.place().getHost() + " gives no usable hash (ETag) for " + repo + ", " + file));
                OptionalLong size = r.size("x-linked-size");
                return new RemoteFile(file, etag,
                        size.isPresent() || redirect ? size.orElse(-1) : r.size("content-length").orElse(-1));
            }
        });
    }

    /**
     * Requests a file's bytes.
     *
     * @param offset
     *            first byte, if the server supports ranges
     * @throws HubException
     *            if the server sends anything but that file
     */
    Content content(RepoId repo, String commit, RemoteFile file, long offset) throws IOException {
        Map<String, String> headers = offset > 0 ? Map.of("Range", "bytes=" + offset + "-") : Map.of();
        Reply r = wire.send("GET", address(repo, commit, file.name()), headers);
        try {
            return check(r, repo, commit, file, offset);
        } catch (IOException | RuntimeException e) {
            r.close();
            throw e;
        }
    }

    private Content check(Reply r, RepoId repo, String commit, RemoteFile file, long offset) throws IOException {
        String host = r.place().getHost();
        // A host that the hub redirects to has its own ETags; there only the final hash decides.
        boolean mine = !r.foreign() || r.headers().containsKey("x-linked-etag");
        if (r.status() == 416) {
            return new Content(0, r, true);
        }
        if (r.status() != 200 && r.status() != 206) {
            throw errors.refused(r, repo, commit, file.name());
        }
        if (mine && r.etag().isPresent() && !r.etag().get().equals(file.etag())) {
            throw new HubException(Kind.FINAL, host + " has another " + file.name() + " now than it announced");
        }
        if (!r.header("content-encoding").orElse("identity").equalsIgnoreCase("identity")) {
            throw new HubException(Kind.FINAL, host + " compresses " + file.name() + " although asked not to");
        }
        long start = 0;
        OptionalLong total = r.size("content-length");
        if (r.status() == 206) {
            Matcher m = RANGE.matcher(r.header("content-range").orElse(""));
            if (!m.matches() || Long.parseLong(m.group(1)) > offset) {
                throw new HubException(Kind.FINAL, host + " sends another part of " + file.name() + " than asked for");
            }
            start = Long.parseLong(m.group(1));
            total = m.group(2).equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(m.group(2)));
        }
        if (file.size() >= 0 && total.isPresent() && total.getAsLong() != file.size()) {
            throw new HubException(Kind.FINAL, host + " announced " + file.size() + " bytes for " + file.name()
                    + " and wants to send " + total.getAsLong());
        }
        return new Content(start, r, false);
    }

    /**
     * A response body.
     *
     * @param start
     *            offset of its first byte in the file
     * @param unsatisfiable
     *            whether the file has no bytes from the requested offset on
     */
    record Content(long start, Reply reply, boolean unsatisfiable) implements AutoCloseable {
        @Override
        public void close() {
            reply.close();
        }
    }

    private URI address(RepoId repo, String commit, String file) {
        return URI.create(settings.endpoint() + "/" + repo + "/resolve/" + commit + "/" + encode(file));
    }

    /** Percent-encoding of all but letters, digits, "-._~" and slashes. */
    private static String encode(String path) {
        StringBuilder s = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && (Character.isLetterOrDigit(b) || "-._~/".indexOf(b) >= 0)) {
                s.append((char) b);
            } else {
                s.append('%').append(String.format("%02X", b));
            }
        }
        return s.toString();
    }

    @Override
    public void close() {
        wire.close();
    }
}
