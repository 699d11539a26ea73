package radedit.imaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which pixels of a file are its mask, where the file leaves a choice.
 *
 * @param frame
 *            frame, slice or page, counted from 1; {@value #ANY} for the only one, {@value #ALL} for all joined
 * @param labels
 *            values that belong to the mask; empty unless chosen
 * @param above
 *            values above it belong to the mask; null unless chosen
 * @param segments
 *            numbers or labels of segments; empty for all
 * @param alpha
 *            what a picture's alpha channel means
 */
public record MaskSelection(int frame, List<Integer> labels, Double above, List<String> segments, Alpha alpha) {
    /** What the alpha channel of a picture means for its mask. */
    public enum Alpha {
        /** It decides where colours cannot, since all are the same. */
        AUTO,
        /** Opaque is the mask. */
        SET,
        /** Transparent is the mask, as some editors have it. */
        CLEAR,
        /** Nothing: brightness decides, of palettes too. */
        IGNORE
    }

    public static final int ANY = 0;
    public static final int ALL = -1;
    /** What the file itself says. */
    public static final MaskSelection DEFAULT = new MaskSelection(ANY, List.of(), null, List.of(),
            Alpha.AUTO);

    /**
     * Reads {@code key=value} pairs with commas between them: frame=K or frame=all, label=N+N, above=X, segment=NAME+NAME,
     * alpha=set, clear or ignore.
     *
     * @param source
     *            for messages
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
