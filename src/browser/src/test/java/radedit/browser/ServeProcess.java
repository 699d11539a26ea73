package radedit.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code radedit serve} as a process of its own, which can be killed and started again at the same place. */
final class ServeProcess implements AutoCloseable {
    private final Path folder;
    private Process process;
    private URI page;

    ServeProcess(Path folder) throws IOException {
        this.folder = folder;
        start(0);
    }

    private void start(int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Xmx1500m", "-cp", System.getProperty("java.class.path"),
                "radedit.cli.Main", "serve", "--port", String.valueOf(port), "--folder", folder.toString(), "--quiet"));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()));
        String line = out.readLine();
        if (line == null || !line.startsWith("http://")) {
            throw new IOException("the server did not start: " + line);
        }
        page = URI.create(line.strip());
    }

    URI page() {
        return page;
    }

    /** Ends the process without a chance to tidy up, as a power cut does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts the server again, with the same folder and port. */
    void restart() throws IOException {
        start(page.getPort());
    }

    @Override
    public void close() {
        process.destroy();
    }
}
