package radedit.tools.hub;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The response to a request, after redirects.
 *
 * @param place
 *            the address that answered
 * @param foreign
 *            whether its host is not the hub's
 * @param headers
 *            headers of the last response, and X- headers of the hub on the way there, by lower-case name
 * @param body
 *            body of the last response, to be closed
 */
record Reply(int status, URI place, boolean foreign, Map<String, String> headers, TimeoutStream body)
        implements
            AutoCloseable {

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** A header with a number of bytes. */
    OptionalLong size(String name) {
        String v = headers.getOrDefault(name, "");
        return v.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(v)) : OptionalLong.empty();
    }

    /** Hash of the file's content: that of the linked large file, else the file's own. */
    Optional<String> etag() {
        return header("x-linked-etag").or(() -> header("etag"))
                .map(e -> e.replaceFirst("^W/", "").replaceAll("^\"+|\"+$", "")).filter(e -> !e.isEmpty());
    }

    @Override
    public void close() {
        body.close();
    }
}
