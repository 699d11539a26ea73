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
 * One repository in the cache, laid out as huggingface_hub does:
 *
 * <pre>
 * models--ORG--NAME/blobs/HASH                       contents, named by their ETag
 * models--ORG--NAME/snapshots/COMMIT/path/to/file    links to blobs
 * models--ORG--NAME/refs/REVISION                    the commit that a branch or tag was last seen at
 * models--ORG--NAME/trees/COMMIT.json                names of all files of a commit
 * .locks/models--ORG--NAME/HASH.lock
 * </pre>
 *
 * huggingface_hub takes trees/COMMIT.json as a promise that the snapshot holds every file. Until it does, the same list
 * is kept in trees/COMMIT.partial.json, which only this program reads.
 */
final class HubCache {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_FILES = 100_000;
    /** Older versions of huggingface_hub write to HASH.incomplete; one that was left alone this long is abandoned. */
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

    /** Where a file of a commit is found. The name has to be one that {@link Names#isFile} allows. */
    Path pointer(String commit, String file) {
        return snapshot(commit).resolve(file);
    }

    boolean has(String commit, String file) {
        return Files.isRegularFile(pointer(commit, file));
    }

    Path blob(String etag) {
        return repo.resolve("blobs").resolve(etag);
    }

    /** Where a content is gathered that has not arrived in full. */
    Path partial(String etag) {
        return repo.resolve("blobs").resolve(etag + ".radedit.incomplete");
    }

    /** The same, after taking over what an older huggingface_hub has left of it, unless that may still be writing. */
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

    /** Makes the folders that blobs and locks go to, marked as a cache so that backups leave it out. */
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

    /** Bytes that can be written to the cache's disk. */
    long free() throws IOException {
        Path p = root;
        while (!Files.exists(p) && p.getParent() != null) {
            p = p.getParent();
        }
        return Files.getFileStore(p).getUsableSpace();
    }

    /** Lets a snapshot show a blob under a file's name. */
    void point(String commit, String file, String etag) throws IOException {
        Path pointer = pointer(commit, file);
        Files.createDirectories(pointer.getParent());
        Path target = blob(etag);
        if (links && Files.isSymbolicLink(pointer) && Files.exists(pointer)
                && Files.isSameFile(pointer, target)) {
            return; // another process was faster
        }
        Links.place(target, pointer, links ? Links.Kind.RELATIVE : Links.Kind.NONE);
    }

    /** The commit that a branch or tag was last seen at. */
    Optional<String> commitOf(String revision) throws IOException {
        Path ref = repo.resolve("refs").resolve(revision);
        if (!Files.isRegularFile(ref) || Files.size(ref) > 100) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(ref).strip()).filter(Names::isCommit);
    }

    /** Remembers where a branch or tag stands. */
    void remember(String revision, String commit) throws IOException {
        if (!revision.equals(commit) && !commitOf(revision).equals(Optional.of(commit))) {
            Path ref = repo.resolve("refs").resolve(revision);
            Files.createDirectories(ref.getParent());
            OutputFile.write(ref, out -> out.write(commit.getBytes()));
        }
    }

    /** Remembers what a commit holds. */
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

    /** The names of all files of a commit, if this cache was ever told them. */
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
                    // a damaged list is none
                }
            }
        }
        return Optional.empty();
    }

    /** The names of the files of a commit that are here, which may not be all. */
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
