package radedit.imaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Selects the pixels of a file that are its mask, where the file leaves a choice.
 *
 * @param frame
 *            frame, slice or page, from 1; {@value #ANY} for the only one, {@value #ALL} for the union of all
 * @param labels
 *            values in the mask; empty if not selected by label
 * @param above
 *            values above this are in the mask; null if not selected by threshold
 * @param segments
 *            numbers or labels of segments; empty for all
 * @param alpha
 *            how the alpha channel is used
 */
public record MaskSelection(int frame, List<Integer> labels, @Nullable Double above, List<String> segments,
        Alpha alpha) {
    /** How the alpha channel of a picture is used. */
    public enum Alpha {
        /** Alpha is the mask if all colours are equal, so that brightness cannot be. */
        AUTO,
        /** Opaque pixels are the mask. */
        SET,
        /** Transparent pixels are the mask, as some editors write it. */
        CLEAR,
        /** Alpha is ignored: brightness decides, for palettes too. */
        IGNORE
    }

    /** The only frame of a file. */
    public static final int ANY = 0;
    /** The union of all frames. */
    public static final int ALL = -1;
    /** The only frame, all segments, and the file's own rule. */
    public static final MaskSelection DEFAULT = new MaskSelection(ANY, List.of(), null, List.of(),
            Alpha.AUTO);

    /**
     * Parses comma-separated {@code key=value} pairs: frame=K or frame=all, label=N+N, above=X, segment=NAME+NAME,
     * alpha=set, clear or ignore.
     *
     * @param source
     *            the mask's name in messages
     * @param text
     *            the pairs
     * @return the selection
     * @throws ImageRequestException
     *            if a pair is malformed or its key unknown
     */
    public static MaskSelection parse(String source, String text) throws ImageRequestException {
        int frame = ANY;
        List<Integer> labels = new ArrayList<>();
        Double above = null;
        List<String> segments = List.of();
        Alpha alpha = Alpha.AUTO;
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String value = pair.substring(equals + 1).strip();
            switch (equals < 0 ? "" : pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
                case "frame" -> frame = value.equalsIgnoreCase("all") ? ALL : number(source, pair, value);
                case "label" -> {
                    for (String v : value.split("\\+")) {
                        labels.add(number(source, pair, v.strip().replaceFirst("\\.0*$", "")));
                    }
                }
                case "above" -> {
                    if (!value.matches("-?\\d{1,12}(\\.\\d{0,12})?")) {
                        throw wrong(source, pair);
                    }
                    above = Double.valueOf(value);
                }
                case "segment" -> segments = List.of(value.split("\\+"));
                case "alpha" -> alpha = switch (value.toLowerCase(Locale.ROOT)) {
                    case "set" -> Alpha.SET;
                    case "clear" -> Alpha.CLEAR;
                    case "ignore" -> Alpha.IGNORE;
                    default -> throw wrong(source, pair);
                };
                default -> throw wrong(source, pair);
            }
        }
        return new MaskSelection(frame, labels, above, segments, alpha);
    }

    private static int number(String source, String pair, String value) throws ImageRequestException {
        if (!value.matches("\\d{1,9}") || pair.startsWith("frame") && Integer.parseInt(value) == 0) {
            throw wrong(source, pair);
        }
        return Integer.parseInt(value);
    }

    private static ImageRequestException wrong(String source, String pair) {
        return new ImageRequestException(source,
                "'" + pair + "' does not select anything; #frame=K (from 1), #label=N+N, #above=X,"
                        + " #segment=NAME+NAME and #alpha=set, clear or ignore do, separated by commas");
    }
}
