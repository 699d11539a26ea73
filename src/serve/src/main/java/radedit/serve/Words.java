package radedit.serve;

import java.nio.file.Path;
import java.util.Locale;

import radedit.exec.BackendException;
import radedit.files.Messages;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.NotFiniteException;
import radedit.weights.WeightsException;

/** Words the library's messages for clients: settings become fields of requests, and paths of this server disappear. */
final class Words {
    private static final int LONGEST_QUOTE = 60;

    private Words() {
    }

    /** The field for a setting. */
    static String field(Setting s) {
        return s.name().toLowerCase(Locale.ROOT);
    }

    static String of(Message m) {
        return m.toString(Words::field);
    }

    /** An exception's message. */
    static String of(Throwable e) {
        return of(Messages.saidBy(e));
    }

    /** What a stranger wrote, fit for a message. */
    static String quoted(String text) {
        String plain = Messages.escaped(text);
        return "'" + (plain.length() > LONGEST_QUOTE ? plain.substring(0, LONGEST_QUOTE) + "..." : plain) + "'";
    }

    /**
     * What to answer if the library refuses something.
     *
     * @param file
     *            the path of a file in messages, which must not be shown
     * @param name
     *            what to show instead, such as {@code the film}
     * @param e
     *            what it threw
     */
    static HttpError refused(Path file, String name, Exception e) {
        if (e instanceof HttpError h) {
            return h;
        }
        return refused(e, of(e).replace(file.toString(), name));
    }

    /** What to answer to an exception, with the field that its message names first. */
    static HttpError refused(Exception e, String text) {
        return new HttpError(status(e), Messages.saidBy(e).settings().stream().map(Words::field).findFirst()
                .orElse(null), text);
    }

    /** The HTTP status of an exception: 422 if the request is at fault, else 500. */
    static int status(Exception e) {
        return switch (e) {
            case HttpError h -> h.status();
            case ImageRequestException r -> 422;
            case ImageFormatException f -> 422;
            case InvalidRequestException r -> 422;
            case InvalidInputException i -> 422;
            case NotFiniteException n -> 422;
            case BackendException b -> 503;
            case WeightsException w -> 503;
            default -> 500;
        };
    }
}
