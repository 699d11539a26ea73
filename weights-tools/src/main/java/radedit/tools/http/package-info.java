/**
 * HTTP/1.1 over sockets, with the proxies and certificate authorities that environment variables define. The JDK's client
 * does not support SOCKS proxies, and authenticates to a proxy only if a property of the whole JVM allows it.
 */
@NullMarked
package radedit.tools.http;

import org.jspecify.annotations.NullMarked;
