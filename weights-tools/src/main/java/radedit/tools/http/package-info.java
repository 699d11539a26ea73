/**
 * HTTP/1.1 over sockets, with the proxies and certificate authorities that environment variables name. The JDK's client
 * reaches no SOCKS proxy, and signs in at a proxy only where a property of the whole JVM allows it.
 */
package radedit.tools.http;
