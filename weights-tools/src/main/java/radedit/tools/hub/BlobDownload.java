package radedit.tools.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

import radedit.tools.hub.HubClient.Content;
import radedit.tools.hub.HubException.Kind;
import radedit.weights.WeightsException;

/**
 * Downloads one blob. The bytes go to a partial file, which survives a broken connection or a killed process and is
 * resumed by the next attempt; when it is complete, its hash is checked, and only then does it get the blob's name.
 */
final class BlobDownload {
    /** Bytes that count as progress; with fewer, a server that sends a byte at a time would be retried forever. */
    private static final long GAIN = 1 << 20;
    /** From this size on, checking takes long enough to report its progress. */
    private static final long LONG_CHECK = 100 << 20;

    private final HubClient client;
    private final HubCache cache;
    private final FetchListener listener;
    private final RepoId repo;
    private final String commit;

    BlobDownload(HubClient client, HubCache cache, FetchListener listener, RepoId repo, String commit) {
        this.client = client;
        this.cache = cache;
        this.listener = listener;
        this.repo = repo;
        this.commit = commit;
    }

    /**
     * Ensures that the blob exists. The caller holds its {@link CacheLock}.
     *
     * @param progress
     *            receives the number of the file's bytes so far
     * @throws WeightsException
     *            if the bytes differ from what the server announced; they are deleted
     */
    void run(RemoteFile file, LongConsumer progress) throws IOException {
        Path blob = cache.blob(file.etag());
        if (Files.isRegularFile(blob)) {
            if (file.size() < 0 || Files.size(blob) == file.size()) {
                progress.accept(Files.size(blob));
                return;
            }
            listener.warning(blob + ": has " + Files.size(blob) + " bytes instead of " + file.size()
                    + "; it is fetched again");
        }
        Path partial = cache.adoptPartial(file.etag());
        boolean continued = size(partial) > 0;
        while (true) {
            receive(file, partial, progress);
            if (ContentHash.holds(partial, file.etag(), n -> checked(n, file))) {
                break;
            }
            Files.delete(partial);
            if (!continued) {
                throw wrong(file, "its bytes are not those the hub announced (hash " + file.etag() + ")");
            }
            // The bytes of an earlier attempt may be at fault.
            listener.warning(repo + ", " + file.name() + ": what an earlier fetch left was damaged; starting again");
            continued = false;
        }
        if (ContentHash.algorithm(file.etag()).isEmpty()) {
            listener.warning(repo + ", " + file.name() + ": the server gives no hash, so it could not be checked");
        }
        try {
            Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(partial, blob, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void checked(long bytes, RemoteFile file) {
        if (file.size() >= LONG_CHECK) {
            listener.progress("checking", bytes, file.size());
        }
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private WeightsException wrong(RemoteFile file, String why) {
        return new WeightsException(repo + ", " + file.name() + ": " + why + "\nwhat was received is discarded; "
                + "a proxy or mirror may be at fault, or the network, if another attempt succeeds");
    }

    /** Downloads until all bytes are there. */
    private void receive(RemoteFile file, Path partial, LongConsumer progress) throws IOException {
        Backoff backoff = client.backoff();
        while (true) {
            long have = size(partial);
            if (file.size() >= 0 && have > file.size()) {
                Files.delete(partial);
                have = 0;
            }
            progress.accept(have);
            if (have == file.size() && Files.exists(partial)) {
                return;
            }
            try (Content content = client.content(repo, commit, file, have)) {
                if (content.unsatisfiable()) {
                    unsatisfiable(file, partial, have);
                } else if (store(content, file, partial, progress)) {
                    return;
                }
            } catch (HubException e) {
                if (size(partial) >= have + GAIN) {
                    backoff.progressed();
                }
                backoff.failed(e);
            } catch (WeightsException e) {
                Files.deleteIfExists(partial);
                throw e;
            }
        }
    }

    /** The server has no bytes from this offset on: either the file is complete, or it is another file. */
    private void unsatisfiable(RemoteFile file, Path partial, long have) throws IOException {
        Files.deleteIfExists(partial);
        throw new HubException(have > 0 ? Kind.PASSING : Kind.FINAL,
                "the server has no bytes of " + repo + ", " + file.name() + ", from " + have + " on");
    }

    /** Writes a response body at its offset; returns whether the file is complete. */
    private boolean store(Content content, RemoteFile file, Path partial, LongConsumer progress) throws IOException {
        // If the size is unknown, accept no more than fits on the disk.
        long most = file.size() >= 0 ? file.size() : content.start() + cache.free() - RepoFetch.SPARE_BYTES;
        long at = content.start();
        try (FileChannel out = open(partial, at)) {
            byte[] buffer = new byte[1 << 16];
            for (int n; (n = content.reply().body().read(buffer)) >= 0;) {
                if (at + n > most) {
                    throw wrong(file, file.size() < 0
                            ? "the disk is full"
                            : "the server sends more than the " + file.size() + " bytes that the hub announced");
                }
                write(out, ByteBuffer.wrap(buffer, 0, n), partial);
                progress.accept(at += n);
            }
        }
        if (file.size() >= 0 && at < file.size()) {
            throw new HubException(Kind.PASSING, content.reply().place().getHost() + " has ended " + file.name()
                    + " after " + at + " of " + file.size() + " bytes");
        }
        return true;
    }

    /** Opens the file to resume at an offset; bytes after it are dropped, since the server sends them again. */
    private static FileChannel open(Path partial, long at) throws IOException {
        FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            return out.truncate(at).position(at);
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    private static void write(FileChannel out, ByteBuffer bytes, Path file) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }
}
