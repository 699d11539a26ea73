package radedit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import radedit.files.Messages;
import radedit.message.Explained;
import radedit.message.Message;
import radedit.message.Setting;

/** Words the library's messages for the command line: settings become options. */
final class OptionNames {
    private OptionNames() {
    }

    /** The option for a setting. */
    static String of(Setting s) {
        return s == Setting.OUTPUT ? "-o" : "--" + s.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A message with options in place of settings. */
    static String in(Message m) {
        return m.toString(OptionNames::of);
    }

    /** An exception's message with options in place of settings. */
    static String in(Exception e) {
        return switch (e) {
            case Explained x -> in(x.explanation());
            case IOException io -> in(Messages.of(io));
            case UncheckedIOException u -> carried(u, u.getCause());
            case DirectoryIteratorException d -> carried(d, d.getCause());
            default -> Objects.requireNonNullElseGet(e.getMessage(), e::toString);
        };
    }

    /** The message of an exception that serves to pass on another. */
    private static String carried(Exception by, @Nullable IOException cause) {
        return cause == null ? by.toString() : in(cause);
    }
}
