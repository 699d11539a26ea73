package radedit.certificate;

/**
 * One check of a certificate.
 *
 * @param what
 *            what was checked, such as "picture pictures/film.png"
 * @param outcome
 *            how it went
 * @param detail
 *            what was found, in a few words
 */
public record Check(String what, Outcome outcome, String detail) {
    /** How a check went. */
    public enum Outcome {
        /** What the certificate says is so. */
        HOLDS,
        /** It is not. */
        FAILED,
        /** It could not be checked. */
        UNCHECKED
    }

    static Check holds(String what, String detail) {
        return new Check(what, Outcome.HOLDS, detail);
    }

    static Check failed(String what, String detail) {
        return new Check(what, Outcome.FAILED, detail);
    }

    static Check unchecked(String what, String detail) {
        return new Check(what, Outcome.UNCHECKED, detail);
    }
}
