package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import picocli.CommandLine;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.pipeline.InvalidRequestException;

class OptionNamesTest {
    @ParameterizedTest
    @EnumSource
    void everySettingHasAnOption(Setting s) {
        assertTrue(options(Main.commandLine(new PrintWriter(System.out), new PrintWriter(System.err)))
                .contains(OptionNames.of(s)), OptionNames.of(s));
    }

    private static Set<String> options(CommandLine line) {
        Set<String> all = new HashSet<>(line.getCommandSpec().optionsMap().keySet());
        line.getSubcommands().values().forEach(c -> all.addAll(options(c)));
        return all;
    }

    @Test
    void messagesAreInWordsForCallersAndInOptionsForTheCommandLine() {
        Message m = Message.of(Setting.SKIP_RATIO, " must be below 1, not ", 2.5, Message.of(" (", Setting.VAE, ")"));
        InvalidRequestException e = new InvalidRequestException(m);
        assertEquals("skip ratio must be below 1, not 2.5 (VAE)", e.getMessage());
        assertEquals("--skip-ratio must be below 1, not 2.5 (--vae)", OptionNames.in(e));
        assertEquals(List.of(Setting.SKIP_RATIO, Setting.VAE), e.explanation().settings());
        assertEquals("no settings", OptionNames.in(new IOException("no settings")));
    }

    /** What a user or file says stays as it is, whatever it looks like. */
    @Test
    void onlySettingsAreRenamed() {
        assertEquals("'skip ratio' --vae size", OptionNames.in(Message.of("'skip ratio' ", Setting.VAE, " ", "size")));
    }
}
