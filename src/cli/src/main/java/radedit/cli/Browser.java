package radedit.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Opens addresses in the user's browser, by the system's own command for it. */
final class Browser {
    private Browser() {
    }

    /** Opens an address; says so if that is not possible. */
    static void open(String address, ConsoleListener console) {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        List<String> command = system.contains("win")
                ? List.of("rundll32", "url.dll,FileProtocolHandler", address)
                : List.of(system.contains("mac") ? "open" : "xdg-open", address);
        try {
            new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            console.warning("no browser could be opened; open the address yourself");
        }
    }
}
