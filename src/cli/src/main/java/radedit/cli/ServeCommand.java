package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import radedit.checkpoint.ModelFolder;
import radedit.files.UserFolder;
import radedit.pipeline.InvalidRequestException;
import radedit.serve.Server;
import radedit.serve.ServerOptions;

/** radedit serve. */
@Command(name = "serve", mixinStandardHelpOptions = true, description = {
        "Serves a page to paint, edit and compare, and the same over HTTP.",
        "Only this machine reaches it, unless --host names another address; then requests need the token that is shown."}, footerHeading = "%nExamples:%n", footer = {
                "  radedit serve --open", "  radedit serve --model radedit --port 8080",
                "  radedit serve --host 0.0.0.0 --name radiology.example.org"})
final class ServeCommand implements Callable<Integer> {
    private static final int MOST_QUEUED = 10_000;

    @Option(names = "--host", paramLabel = "HOST", defaultValue = "localhost", description = "name or address to listen at; others than this machine's own need a token (default: ${DEFAULT-VALUE})")
    private String host;

    @Option(names = "--port", paramLabel = "N", defaultValue = "7860", description = "port, 0 for any that is free (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--name", paramLabel = "HOST", description = "a further name by which browsers reach this server, for instance through a proxy; may be repeated")
    private List<String> names = new ArrayList<>();

    @Option(names = "--folder", paramLabel = "DIR", description = "where films, masks and results are kept (default: radedit/serve in the user's data folder)")
    private @Nullable Path folder;

    @Option(names = "--queue", paramLabel = "N", defaultValue = "100", description = "jobs that may wait (default: ${DEFAULT-VALUE})")
    private int queue;

    @Option(names = "--open", description = "open the page in a browser")
    private boolean open;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        console.to(err);
        ModelFolder parts = model.folder();
        ServerOptions options = options(parts);
        parts.notice().ifPresent(console::note);
        Server server = Server.open(options, new ServedCommandLines(modelWords()), m -> err.println("radedit: " + m));
        String page = server.page(options.address().isAnyLocalAddress() ? "localhost" : host).toString();
        out.println(options.token() == null ? page : page + "#token=" + options.token());
        if (options.token() != null && !console.quiet()) {
            err.println(
                    "radedit: whoever has the token after # can use this server, and read its films; it is shown only"
                            + " now. The connection is not encrypted; a proxy can do that");
        }
        if (!console.quiet()) {
            err.println("radedit: films and results are in " + options.folder() + "; Ctrl-C ends the server");
        }
        out.flush();
        if (open) {
            Browser.open(page + (options.token() == null ? "" : "#token=" + options.token()), console);
        }
        // Ctrl-C ends the process as it is: files are whole or not there, and the next server says which job was interrupted.
        // A shutdown hook could not write that, since no file is begun any more while hooks run (OutputFile).
        try (server) {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Exit.OK;
    }

    private ServerOptions options(ModelFolder parts) {
        if (port < 0 || port > 0xFFFF) {
            throw new InvalidRequestException("--port must be from 0 to 65535, not " + port);
        }
        if (queue < 1 || queue > MOST_QUEUED) {
            throw new InvalidRequestException("--queue must be from 1 to " + MOST_QUEUED + ", not " + queue);
        }
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new InvalidRequestException("--host " + host + ": is not known here; give a name or address of this"
                    + " machine, such as localhost or 0.0.0.0");
        }
        List<String> all = new ArrayList<>(names);
        if (!address.isAnyLocalAddress()) {
            all.add(host.toLowerCase(Locale.ROOT));
        }
        ServerOptions.Limits usual = ServerOptions.Limits.DEFAULT;
        return new ServerOptions(parts, model.options(0), address, port, all,
                folder == null ? UserFolder.data(System.getenv()).resolve("serve") : folder,
                address.isLoopbackAddress() ? null : ServerOptions.randomToken(),
                new ServerOptions.Limits(usual.uploadBytes(), usual.filmPixels(), queue, usual.films(), usual.jobs()));
    }

    /** Options that choose the same model and backend. */
    private List<String> modelWords() {
        List<String> all = new ArrayList<>();
        for (Map.Entry<String, String> e : model.effective().entrySet()) {
            all.addAll(List.of(e.getKey(), e.getValue()));
        }
        model.parts()
                .forEach((part, dir) -> all.addAll(List.of("--" + part.folder().replace('_', '-'), dir.toString())));
        if (!model.backend().equals("auto")) {
            all.addAll(List.of("--backend", model.backend()));
        }
        return all;
    }
}
