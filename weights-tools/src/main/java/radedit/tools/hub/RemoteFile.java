package radedit.tools.hub;

/**
 * A file as the hub announces it.
 *
 * @param name
 *            its path in the repository
 * @param etag
 *            the hash that names its content: SHA-256 of a large file, git's SHA-1 of another
 * @param size
 *            in bytes; -1 if the hub does not say
 */
record RemoteFile(String name, String etag, long size) {}
