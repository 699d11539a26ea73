package radedit.tools.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that are reached without a proxy, in the syntax of NO_PROXY for curl and Python: names, which include all names
 * below them, with or without a leading dot or "*."; addresses; blocks of addresses (10.0.0.0/8); each with or without a
 * port; "*" for all.
 */
final class NoProxy {
    /** A name or a block of addresses, with or without (-1) a port. */
    private sealed interface Entry {
        int port();

        /** Whether a host is among them, whose address is null unless it is a literal one. */
        boolean covers(String host, byte @Nullable [] address);
    }

    /** A name and all names below it. */
    private record Name(String name, int port) implements Entry {
        @Override
        public boolean covers(String host, byte @Nullable [] address) {
            return host.equals(name) || address == null && host.endsWith("." + name);
        }
    }

    /** The addresses whose first bits are equal. */
    private record Block(byte[] start, int bits, int port) implements Entry {
        @Override
        public boolean covers(String host, byte @Nullable [] address) {
            if (address == null || address.length != start.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private boolean all;

    NoProxy(String list) {
        for (String text : list.split("[,\\s]+")) {
            if (text.equals("*")) {
                all = true;
            } else if (!text.isEmpty()) {
                add(text);
            }
        }
    }

    private void add(String text) {
        String rest = text;
        int port = -1;
        int colon = text.lastIndexOf(':');
        if (colon >= 0 && (text.indexOf(':') == colon || text.charAt(Math.max(0, colon - 1)) == ']')
                && text.substring(colon + 1).matches("\\d{1,5}")) {
            port = Integer.parseInt(text.substring(colon + 1));
            rest = text.substring(0, colon);
        }
        int slash = rest.indexOf('/');
        byte[] address = address(slash < 0 ? rest : rest.substring(0, slash));
        if (address != null) {
            String bits = slash < 0 ? Integer.toString(address.length * 8) : rest.substring(slash + 1);
            if (bits.matches("\\d{1,3}") && Integer.parseInt(bits) <= address.length * 8) {
                entries.add(new Block(address, Integer.parseInt(bits), port));
            }
        } else {
            String name = name(rest.replaceFirst("^\\*?\\.", ""));
            if (!name.isEmpty()) {
                entries.add(new Name(name, port));
            }
        }
    }

    /** Whether a host is on the list. */
    boolean covers(String host, int port) {
        byte[] address = address(host);
        String name = name(host);
        return all || entries.stream()
                .anyMatch(e -> (e.port() < 0 || e.port() == port) && e.covers(name, address));
    }

    /** A host name in lower case, without a trailing dot. */
    private static String name(String host) {
        String s = host.toLowerCase(Locale.ROOT);
        return s.endsWith(".") ? s.substring(0, s.length() - 1) : s;
    }

    /** The bytes of a literal address; null for a name. */
    private static byte @Nullable [] address(String text) {
        String s = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (!s.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(s).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
