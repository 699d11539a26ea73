package radedit.stress.report;

import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.html.Html;

/** Numbers and names as the report shows them. */
final class Words {
    /** Stands for a number that is undefined. */
    static final String UNDEFINED = "\u2013";
    private static final int NAME = 40;

    private Words() {
    }

    /** {@return a number with three decimals, a whole number without any} */
    static String number(JsonNode n) {
        if (n.isIntegralNumber()) {
            return n.asText();
        }
        return n.isNumber() ? number(n.asDouble()) : UNDEFINED;
    }

    static String number(double v) {
        if (!Double.isFinite(v)) {
            return UNDEFINED;
        }
        String digits = Math.abs(v) < 1000 ? "%.3f" : Math.abs(v) < 1e6 ? "%.1f" : "%.3e";
        String s = String.format(Locale.ROOT, digits, v);
        return s.equals("-0.000") ? "0.000" : s;
    }

    /** {@return a number without needless zeros, such as a dose} */
    static String plain(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e9 ? Long.toString((long) v) : Double.toString(v);
    }

    /** {@return an interval in words; empty if the estimate has none} */
    static String interval(JsonNode estimate) {
        return estimate.path("low").isNumber() && estimate.path("high").isNumber()
                ? number(estimate.path("low")) + " to " + number(estimate.path("high"))
                : "";
    }

    /** {@return a role in words} */
    static String role(JsonNode group) {
        String role = group.path("role").asText("");
        double dose = group.path("dose").asDouble(1);
        return (role.isEmpty() ? "edit" : role) + (dose == 1 ? "" : ", dose " + plain(dose));
    }

    /** {@return a key of JSON in words} */
    static String spaced(String key) {
        return key.replace('_', ' ');
    }

    /** {@return a name short enough for a plot} */
    static String brief(String name) {
        String s = Html.shown(name).replaceAll("\\s+", " ").strip();
        return s.codePointCount(0, s.length()) <= NAME
                ? s
                : s.substring(0, s.offsetByCodePoints(0, NAME - 1)) + "\u2026";
    }

    /** {@return a value of JSON as it is, without quotation marks around words} */
    static String value(JsonNode n) {
        return n.isNull() || n.isMissingNode() ? UNDEFINED : n.isValueNode() ? n.asText() : n.toString();
    }
}
