package radedit.tools.hub;

/**
 * A file as announced by the hub.
 *
 * @param name
 *            its path in the repository
 * @param etag
 *            hash of its content: SHA-256 for large files, git's SHA-1 for others
 * @param size
 *            in bytes; -1 if unknown
 */
record RemoteFile(String name, String etag, long size) {}
