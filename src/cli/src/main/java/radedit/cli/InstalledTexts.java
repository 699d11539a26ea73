package radedit.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import picocli.CommandLine;

/** Writes what an installation has beside the program: manual pages, and the script by which shells complete commands. */
final class InstalledTexts {
    private InstalledTexts() {
    }

    /** Takes the folder; the build calls it. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        pages(program(), Files.createDirectories(folder.resolve("man/man1")));
        Path completion = Files.createDirectories(folder.resolve("completion"));
        String script = CompletionScript.of(program()); // which bash and zsh both take
        Files.writeString(completion.resolve("radedit.bash"), script);
        Files.writeString(completion.resolve("radedit.zsh"), script);
    }

    private static CommandLine program() {
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream());
        return Main.commandLine(nowhere, nowhere);
    }

    private static void pages(CommandLine command, Path folder) throws IOException {
        Files.writeString(folder.resolve(ManPage.name(command.getCommandSpec()) + ".1"), ManPage.of(command));
        for (CommandLine c : command.getSubcommands().values()) {
            pages(c, folder);
        }
    }
}
