package radedit.tools.hub;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import radedit.tools.hub.HubException.Kind;

/**
 * The files of a repository at a commit.
 *
 * @param commit
 *            the commit's full hash
 * @param files
 *            files by name; names come from the server, unchecked
 */
record Listing(String commit, Map<String, File> files) {
    private static final int MOST_FILES = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A file.
     *
     * @param size
     *            in bytes; -1 if unknown
     * @param blobId
     *            git hash of the file, or of its LFS pointer; may be null
     * @param sha256
     *            hash of a large file; null for others
     */
    record File(long size, @Nullable String blobId, @Nullable String sha256) {}

    List<String> names() {
        return List.copyOf(files.keySet());
    }

    /** Size of a file in bytes; -1 if unknown. */
    long size(String name) {
        File f = files.get(name);
        return f == null ? -1 : f.size;
    }

    /**
     * Parses the response of the hub's {@code /api/models/ORG/NAME/revision/REVISION}.
     *
     * @throws HubException
     *            if it is malformed
     */
    static Listing parse(byte[] answer, String host) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(answer);
        } catch (JacksonException e) {
            throw new HubException(Kind.FINAL, host + " is not a hub: its answer is not valid JSON", e);
        }
        String commit = json.path("sha").asText();
        JsonNode siblings = json.path("siblings");
        if (!Names.isCommit(commit) || !siblings.isArray() || siblings.size() > MOST_FILES) {
            throw new HubException(Kind.FINAL, host + " is not a hub: its answer names no commit and files");
        }
        Map<String, File> files = new LinkedHashMap<>();
        for (JsonNode s : siblings) {
            String sha256 = s.path("lfs").path("sha256").asText("");
            String blobId = s.path("blobId").asText("");
            files.put(s.path("rfilename").asText(), new File(s.path("size").asLong(-1),
                    Names.isCommit(blobId) ? blobId : null, sha256.matches("[0-9a-f]{64}") ? sha256 : null));
        }
        return new Listing(commit, files);
    }
}
