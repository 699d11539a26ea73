package radedit.imaging.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes text of a data set (Specific Character Set, PS3.3 C.12.1.1.2). Code extensions (ISO 2022) are supported for
 * Japanese, and for Korean, Chinese and one single-byte alphabet, whose escape sequences can be skipped.
 */
final class CharacterSets {
    private static final Map<String, String> SINGLE = Map.ofEntries(Map.entry("6", "US-ASCII"),
            Map.entry("100", "ISO-8859-1"), Map.entry("101", "ISO-8859-2"), Map.entry("109", "ISO-8859-3"),
            Map.entry("110", "ISO-8859-4"), Map.entry("144", "ISO-8859-5"), Map.entry("127", "ISO-8859-6"),
            Map.entry("126", "ISO-8859-7"), Map.entry("138", "ISO-8859-8"), Map.entry("148", "ISO-8859-9"),
            Map.entry("203", "ISO-8859-15"), Map.entry("13", "JIS_X0201"), Map.entry("166", "TIS-620"),
            Map.entry("192", "UTF-8"), Map.entry("87", "ISO-2022-JP-2"), Map.entry("159", "ISO-2022-JP-2"),
            Map.entry("149", "EUC-KR"), Map.entry("58", "GB2312"));
    private static final String ESCAPES = "\u001B[-$(),./]+[@-~]";

    private CharacterSets() {
    }

    /**
     * The character set of the given defined terms.
     *
     * @param terms
     *            values of the element; the last one that goes beyond ASCII decides. The default is ISO 8859-1: a
     *            superset of ASCII, and what files without a term usually mean
     */
    static Charset of(String... terms) {
        Charset found = StandardCharsets.ISO_8859_1;
        for (String t : terms) {
            String term = t.strip();
            String name = switch (term) {
                case "GB18030" -> "GB18030";
                case "GBK" -> "GBK";
                default -> SINGLE.getOrDefault(term.substring(term.lastIndexOf(' ') + 1), "US-ASCII");
            };
            boolean known = Charset.isSupported(name);
            if (known && !name.equals("US-ASCII")) {
                found = Charset.forName(name);
            }
        }
        return found;
    }

    /** Decodes a text; null if its bytes are invalid in the character set. */
    static @Nullable String decode(byte[] bytes, Charset charset) {
        try {
            byte[] plain = charset.name().startsWith("ISO-2022")
                    ? bytes
                    : new String(bytes, StandardCharsets.ISO_8859_1).replaceAll(ESCAPES, "")
                            .getBytes(StandardCharsets.ISO_8859_1);
            return charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(plain)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
