package radedit.cli;

import java.util.Locale;

import radedit.files.Messages;
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
        return in(Messages.saidBy(e));
    }
}
