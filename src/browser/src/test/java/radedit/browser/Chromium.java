package radedit.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The browser and its driver on this machine: those that CHROMIUM and CHROMEDRIVER name, else those on the path. */
final class Chromium {
    private Chromium() {
    }

    static Path browser() {
        return find("CHROMIUM", List.of("chromium", "chromium-browser", "google-chrome"));
    }

    static Path driver() {
        return find("CHROMEDRIVER", List.of("chromedriver"));
    }

    private static Path find(String variable, List<String> names) {
        String named = System.getenv(variable);
        Stream<Path> candidates = named == null
                ? Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .flatMap(d -> names.stream().map(n -> Path.of(d, n)))
                : Stream.of(Path.of(named));
        return candidates.filter(Files::isExecutable).findFirst().orElseThrow(() -> new IllegalStateException("no "
                + names.getFirst() + " on this machine; Debian has it as chromium and chromium-driver, or set "
                + variable));
    }
}
