package radedit.tools.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.files.OutputFile;
import radedit.safetensors.FormatException;
import radedit.safetensors.Json;

/**
 * One repository in the cache, in the layout of huggingface_hub:
 *
 * <pre>
 * models--ORG--NAME/blobs/HASH                       contents, named by their ETag
 * models--ORG--NAME/snapshots/COMMIT/path/to/file    links to blobs
 * models--ORG--NAME/refs/REVISION                    last known commit of a branch or tag
 * models--ORG--NAME/trees/COMMIT.json                names of all files of a commit
 * .locks/models--ORG--NAME/HASH.lock
 * </pre>
 *
 * For huggingface_hub, trees/COMMIT.json implies that the snapshot is complete. Until it is, the list is in
 * trees/COMMIT.partial.json, which only this program reads.
 */
final class HubCache {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_FILES = 100_000;
    /** Age at which HASH.incomplete, written by older versions of huggingface_hub, counts as abandoned. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    private final Path root;
    private final Path repo;
    private final Path locks;
    private final boolean links;

    HubCache(HubSettings settings, RepoId id) {
        this.root = settings.cache();
        this.repo = root.resolve(id.folder());
        this.locks = root.resolve(".locks").resolve(id.folder());
        this.links = settings.links();
    }

    Path snapshot(String commit) {
        return repo.resolve("snapshots").resolve(commit);
    }

    /** Path of a file in a snapshot. The name must satisfy {@link Names#isFile}. */
    Path pointer(String commit, String file) {
        return snapshot(commit).resolve(file);
    }

    boolean has(String commit, String file) {
        return Files.isRegularFile(pointer(commit, file));
    }

    Path blob(String etag) {
        return repo.resolve("blobs").resolve(etag);
    }

    /** Path of an incomplete blob. */
    Path partial(String etag) {
        return repo.resolve("blobs").resolve(etag + ".radedit.incomplete");
    }

    /** Path of an incomplete blob, after taking over one that an older huggingface_hub has abandoned. */
    Path adoptPartial(String etag) throws IOException {
        Path own = partial(etag);
        Path other = repo.resolve("blobs").resolve(etag + ".incomplete");
        if (!Files.exists(own) && Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS) && Files
                .getLastModifiedTime(other).compareTo(FileTime.from(Instant.now().minus(ABANDONED))) < 0) {
            Files.move(other, own);
        }
        return own;
    }

    Path lock(String etag) {
        return locks.resolve(etag + ".lock");
    }

    /** Creates the folders for blobs and locks, tagged as a cache so that backups skip them. */
    void prepare() throws IOException {
        Files.createDirectories(repo.resolve("blobs"));
        Files.createDirectories(locks);
        Path tag = root.resolve("CACHEDIR.TAG");
        if (!Files.exists(tag)) {
            Files.writeString(tag, """
                    Signature: 8a477f597d28d172789f06886806bc55
                    # A cache directory, see https://bford.info/cachedir/
                    """);
        }
    }

    /** Free bytes on the cache's disk. */
    long free() throws IOException {
        Path p = root;
        while (!Files.exists(p) && p.getParent() != null) {
            p = p.getParent();
        }
        return Files.getFileStore(p).getUsableSpace();
    }

    /** Links a file of a snapshot to a blob. */
    void link(String commit, String file, String etag) throws IOException {
        Path pointer = pointer(commit, file);
        Files.createDirectories(pointer.getParent());
        Path target = blob(etag);
        if (links && Files.isSymbolicLink(pointer) && Files.exists(pointer)
                && Files.isSameFile(pointer, target)) {
            return; // another process was faster
        }
        Links.place(target, pointer, links ? Links.Kind.RELATIVE : Links.Kind.NONE);
    }

    /** Last known commit of a branch or tag. */
    Optional<String> commitOf(String revision) throws IOException {
        Path ref = repo.resolve("refs").resolve(revision);
        if (!Files.isRegularFile(ref) || Files.size(ref) > 100) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(ref).strip()).filter(Names::isCommit);
    }

    /** Stores the commit of a branch or tag. */
    void remember(String revision, String commit) throws IOException {
        if (!revision.equals(commit) && !commitOf(revision).equals(Optional.of(commit))) {
            Path ref = repo.resolve("refs").resolve(revision);
            Files.createDirectories(ref.getParent());
            OutputFile.write(ref, out -> out.write(commit.getBytes()));
        }
    }

    /** Stores the files of a commit. */
    void remember(Listing listing) throws IOException {
        boolean known = listing.files().values().stream().allMatch(f -> f.size() >= 0 && f.blobId() != null);
        boolean complete = known && listing.files().keySet().stream()
                .allMatch(n -> Names.isFile(n) && has(listing.commit(), n));
        Path whole = tree(listing.commit(), "");
        Path partial = tree(listing.commit(), ".partial");
        if (Files.exists(whole) || !complete && Files.exists(partial)) {
            return;
        }
        Map<String, Object> files = new LinkedHashMap<>();
        listing.files().forEach((name, f) -> {
            Map<String, Object> m = new LinkedHashMap<>();
            if (f.size() >= 0 && f.blobId() != null) {
                m.put("size", f.size());
                m.put("blob_id", f.blobId());
            }
            if (f.sha256() != null) {
                m.put("lfs_sha256", f.sha256());
                m.put("lfs_size", f.size());
            }
            files.put(name, m);
        });
        byte[] json = JSON.writeValueAsBytes(Map.of("format_version", 1, "files", files));
        Files.createDirectories(whole.getParent());
        OutputFile.write(complete ? whole : partial, out -> out.write(json));
        if (complete) {
            Files.deleteIfExists(partial);
        }
    }

    /** Names of all files of a commit, if the cache knows them. */
    Optional<List<String>> names(String commit) throws IOException {
        for (String kind : new String[]{"", ".partial"}) {
            Path tree = tree(commit, kind);
            if (Files.isRegularFile(tree)) {
                try {
                    JsonNode json = Json.read(tree);
                    if (json.path("format_version").asInt() == 1 && json.path("files").isObject()) {
                        return Optional.of(json.path("files").properties().stream().map(Map.Entry::getKey).toList());
                    }
                } catch (FormatException e) {
                    // ignore a damaged list
                }
            }
        }
        return Optional.empty();
    }

    /** Names of the files of a commit that are in the cache, possibly not all. */
    List<String> present(String commit) throws IOException {
        Path folder = snapshot(commit);
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(Files::isRegularFile).limit(MOST_FILES)
                        .forEach(p -> names.add(folder.relativize(p).toString().replace('\\', '/')));
            }
        }
        names.sort(null);
        return names;
    }

    private Path tree(String commit, String kind) {
        return repo.resolve("trees").resolve(commit + kind + ".json");
    }
}
