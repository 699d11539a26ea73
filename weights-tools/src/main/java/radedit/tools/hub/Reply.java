package radedit.tools.hub;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What came back for one request, redirects followed.
 *
 * @param place
 *            the address that answered
 * @param foreign
 *            whether that is another host than the hub's
 * @param headers
 *            the last answer's headers, and what only the hub says on the way there (its X- headers), by lower-case name
 * @param body
 *            the last answer's body, to be closed
 */
record Reply(int status, URI place, boolean foreign, Map<String, String> headers, TimeoutStream body)
        implements
            AutoCloseable {

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** A header that holds a number of bytes. */
    OptionalLong size(String name) {
        String v = headers.getOrDefault(name, "");
        return v.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(v)) : OptionalLong.empty();
    }

    /** The hash that names the file's content: the large file's that is linked to, else the file's own. */
    Optional<String> etag() {
        return header("x-linked-etag").or(() -> header("etag"))
                .map(e -> e.replaceFirst("^W/", "").replaceAll("^\"+|\"+$", "")).filter(e -> !e.isEmpty());
    }

    @Override
    public void close() {
        body.close();
    }
}
