package radedit.tools.hub;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.tools.hub.HubException.Kind;

/**
 * What a repository holds at a commit.
 *
 * @param commit
 *            the commit's full hash
 * @param files
 *            the files by name; names are the server's and not checked yet
 */
record Listing(String commit, Map<String, File> files) {
    private static final int MOST_FILES = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A file.
     *
     * @param size
     *            in bytes, or -1 where the server does not say
     * @param blobId
     *            the hash of the file, or of the pointer to it, in git; may be null
     * @param sha256
     *            the hash of a large file; null for others
     */
    record File(long size, String blobId, String sha256) {}

    List<String> names() {
        return List.copyOf(files.keySet());
    }

    /**
     * Reads the answer of the hub's {@code /api/models/ORG/NAME/revision/REVISION}.
     *
     * @throws HubException
     *             if it is none
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
