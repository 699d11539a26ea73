package radedit.cli;

import java.io.IOException;
import java.util.Locale;

import radedit.files.Messages;
import radedit.message.Explained;
import radedit.message.Message;
import radedit.message.Setting;

/** What the library says, with settings called by their options. */
final class OptionNames {
    private OptionNames() {
    }

    /** The option that takes a setting. */
    static String of(Setting s) {
        return s == Setting.OUTPUT ? "-o" : "--" + s.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A message for the user of the command line. */
    static String in(Message m) {
        return m.toString(OptionNames::of);
    }

    /** What went wrong, for the user of the command line. */
    static String in(Exception e) {
        return switch (e) {
            case Explained x -> in(x.explanation());
            case IOException io -> in(Messages.of(io));
            default -> e.getMessage();
        };
    }
}
