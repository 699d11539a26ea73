package radedit.tools.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import radedit.message.Message;
import radedit.message.Setting;
import radedit.tools.hub.HubException.Kind;
import radedit.weights.WeightsException;

/**
 * Fetches files of a repository into the cache. Nothing in the cache is requested again: if a commit is named and all
 * files are cached, there is no request at all; otherwise the branch or tag is looked up. Not thread-safe; other threads
 * and processes may use the same cache concurrently.
 */
public final class RepoFetch implements AutoCloseable {
    /** Bytes that a download leaves free on the disk. */
    static final long SPARE_BYTES = 16 << 20;

    private final HubSettings settings;
    private final FetchListener listener;
    private final HubClient client;

    /**
     * Creates a fetcher; no request is made.
     *
     * @param settings
     *            hub, cache and network
     * @param listener
     *            receives warnings and progress
     */
    public RepoFetch(HubSettings settings, FetchListener listener) {
        this.settings = settings;
        this.listener = listener;
        this.client = new HubClient(settings, listener);
    }

    /**
     * {@return whether this can be a branch, tag or commit}
     *
     * @param revision
     *            any text
     */
    public static boolean isRevision(String revision) {
        return Names.isRevision(revision);
    }

    /**
     * Fetches the files that match any of some patterns.
     *
     * @param repo
     *            the repository
     * @param revision
     *            a branch, a tag, or a full commit hash
     * @param patterns
     *            file names with the wildcards {@code * ? []}; empty for every file
     * @return the files in the cache
     * @throws IllegalArgumentException
     *            if {@code revision} is malformed
     * @throws WeightsException
     *            if something is missing or not accessible, or a download is damaged
     * @throws HubException
     *            if the hub cannot be reached and the cache is incomplete
     * @throws IOException
     *            if a file cannot be written
     */
    public Snapshot fetch(RepoId repo, String revision, List<String> patterns) throws IOException {
        return fetch(repo, revision, FileSelection.matching(repo, patterns));
    }

    Snapshot fetch(RepoId repo, String revision, FileSelection wanted) throws IOException {
        if (!Names.isRevision(revision)) {
            throw new IllegalArgumentException("'" + revision + "' is not a branch, tag or commit");
        }
        HubCache cache = new HubCache(settings, repo);
        if (settings.offline()) {
            return offline(cache, repo, revision, wanted);
        }
        Optional<Snapshot> here = Names.isCommit(revision)
                ? cached(cache, repo, revision, wanted, true)
                : Optional.empty();
        return here.isPresent() ? here.get() : online(cache, repo, revision, wanted);
    }

    private Snapshot offline(HubCache cache, RepoId repo, String revision, FileSelection wanted) throws IOException {
        return cached(cache, repo, revision, wanted, false).orElseThrow(() -> new WeightsException(repo + " at "
                + revision + ": not, or not in full, in the cache " + settings.cache()
                + "\nHF_HUB_OFFLINE forbids asking the hub for it: unset it, or copy that folder from a machine that has it"));
    }

    private Snapshot online(HubCache cache, RepoId repo, String revision, FileSelection wanted) throws IOException {
        Listing listing;
        try {
            listing = client.listing(repo, revision);
        } catch (HubException e) {
            Optional<Snapshot> here = e.kind() == Kind.FINAL
                    ? Optional.empty()
                    : cached(cache, repo, revision, wanted, false);
            if (here.isEmpty()) {
                throw e.kind() != Kind.UNREACHABLE
                        ? e
                        : new HubException(e.kind(), Message.of(e.getMessage(), "; ", Setting.ENDPOINT,
                                " names a mirror, HTTPS_PROXY a proxy, or copy ", settings.cache(),
                                " from a machine that has it"), e);
            }
            listener.warning(e.getMessage() + "; using what the cache has of " + repo + " at commit "
                    + here.get().commit());
            return here.get();
        }
        String commit = listing.commit();
        List<String> names = wanted.among(listing.names());
        for (String n : names) {
            if (!Names.isFile(n)) {
                throw new WeightsException(repo + ": the file name '" + Names.clean(n) + "' is refused");
            }
        }
        int fetched = download(cache, repo, listing, names);
        record(cache, listing, revision);
        return new Snapshot(repo, revision, commit, cache.snapshot(commit), names, fetched);
    }

    /** Stores listing and revision; a read-only cache is used without. */
    private void record(HubCache cache, Listing listing, String revision) {
        try {
            cache.remember(listing);
            cache.remember(revision, listing.commit());
        } catch (IOException e) {
            listener.warning("the cache cannot remember what " + revision + " is (" + e.getMessage() + ")");
        }
    }

    /**
     * The files in the cache.
     *
     * @param surely
     *            whether it must be certain that no file is missing
     */
    private Optional<Snapshot> cached(HubCache cache, RepoId repo, String revision, FileSelection wanted,
            boolean surely)
            throws IOException {
        Optional<String> commit = Names.isCommit(revision) ? Optional.of(revision) : cache.commitOf(revision);
        if (commit.isEmpty() || !Files.isDirectory(cache.snapshot(commit.get()))) {
            return Optional.empty();
        }
        Optional<List<String>> exactly = wanted.exactly();
        Optional<List<String>> known = exactly.isPresent() ? exactly : cache.names(commit.get());
        if (known.isEmpty() && surely) {
            return Optional.empty();
        }
        List<String> names;
        try {
            names = exactly.isPresent()
                    ? exactly.get()
                    : wanted.among(known.isPresent() ? known.get() : cache.present(commit.get()));
        } catch (WeightsException e) {
            return Optional.empty();
        }
        if (names.isEmpty() || !names.stream().allMatch(n -> Names.isFile(n) && cache.has(commit.get(), n))) {
            return Optional.empty();
        }
        if (known.isEmpty()) {
            listener.warning(repo + ": the cache does not know all files of commit " + commit.get()
                    + "; using those it has");
        }
        return Optional.of(new Snapshot(repo, revision, commit.get(), cache.snapshot(commit.get()), names, 0));
    }

    /** Downloads missing files; returns their number. */
    private int download(HubCache cache, RepoId repo, Listing listing, List<String> names) throws IOException {
        String commit = listing.commit();
        List<RemoteFile> missing = new ArrayList<>();
        for (String n : names) {
            long size = listing.size(n);
            if (!cache.has(commit, n) || size >= 0 && Files.size(cache.pointer(commit, n)) != size) {
                missing.add(client.describe(repo, commit, n));
            }
        }
        if (missing.isEmpty()) {
            return 0;
        }
        cache.prepare();
        long total = 0;
        long needed = 0;
        for (RemoteFile f : missing) {
            total += Math.max(0, f.size());
            Path partial = cache.partial(f.etag());
            needed += Files.exists(cache.blob(f.etag())) || f.size() < 0
                    ? 0
                    : Math.max(0, f.size() - (Files.exists(partial) ? Files.size(partial) : 0));
        }
        if (total < 0 || needed < 0 || needed + SPARE_BYTES > cache.free()) {
            throw new HubException(Kind.FINAL, String.format(Locale.ROOT,
                    "%s: %.2f GB to download, %.2f GB free where the cache is (%s)\nHF_HOME moves the cache",
                    repo, needed / 1e9, cache.free() / 1e9, settings.cache()));
        }
        BlobDownload download = new BlobDownload(client, cache, listener, repo, commit);
        long before = 0;
        for (RemoteFile f : missing) {
            long base = before;
            long all = total;
            String what = repo + ", " + f.name();
            try (CacheLock _ = CacheLock.acquire(cache.lock(f.etag()), what, listener)) {
                download.run(f, n -> listener.progress(repo.text(), base + n, Math.max(all, base + n)));
                cache.link(commit, f.name(), f.etag());
            }
            before += Math.max(0, f.size());
        }
        return missing.size();
    }

    @Override
    public void close() {
        client.close();
    }
}
