package radedit.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a trace holds.
 *
 * @param level
 *            how much of each value
 * @param match
 *            found in the names of the nodes and host values to record
 * @param steps
 *            steps of the sampler to record; empty for all. Values outside of a sampler are always recorded
 * @param everyModule
 *            whether results that would be fused away are computed and recorded too, which takes time and may change
 *            the last bits
 */
public record TraceSelection(TraceLevel level, Pattern match, List<Range> steps, boolean everyModule) {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

    /**
     * A range of steps.
     *
     * @param first
     *            index of the first step, from 0
     * @param last
     *            index of the last step, included
     */
    public record Range(int first, int last) {}

    /**
     * {@return the ranges in a text such as 0,10-19}
     *
     * @param text
     *            numbers and ranges, separated by commas
     * @throws IllegalArgumentException
     *             if it has another form
     */
    public static List<Range> ranges(String text) {
        List<Range> all = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher m = RANGE.matcher(part.strip());
            if (!m.matches()) {
                throw new IllegalArgumentException("'" + text + "' is not a list of steps such as 0,10-19");
            }
            int first = Integer.parseInt(m.group(1));
            int last = m.group(2) == null ? first : Integer.parseInt(m.group(2));
            if (last < first) {
                throw new IllegalArgumentException("the range " + part.strip() + " runs backwards");
            }
            all.add(new Range(first, last));
        }
        return all;
    }

    /**
     * {@return a selection of all that a run computes}
     *
     * @param level
     *            how much of each value
     */
    public static TraceSelection all(TraceLevel level) {
        return new TraceSelection(level, Pattern.compile(""), List.of(), false);
    }

    boolean hasStep(int step) {
        return step < 0 || steps.isEmpty() || steps.stream().anyMatch(r -> r.first <= step && step <= r.last);
    }

    boolean hasName(String name) {
        return match.matcher(name).find();
    }
}
