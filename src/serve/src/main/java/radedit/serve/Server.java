package radedit.serve;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import radedit.pipeline.InvalidRequestException;

/**
 * Serves the page and the interface that {@code openapi.json} describes, on the JDK's own HTTP server. Research use only,
 * never clinical.
 */
public final class Server implements AutoCloseable {
    private static final int BACKLOG = 64;

    static {
        // bounds of the JDK's server, which reads them once: connections, the time that a request may take to arrive
        property("jdk.httpserver.maxConnections", "512");
        property("sun.net.httpserver.maxReqTime", "300");
        // what is too long is read to its end and thrown away: a client that still sends would not see the answer
        property("sun.net.httpserver.drainAmount", Integer.toString(1 << 30));
        property("sun.net.httpserver.maxReqHeaders", "100");
        property("sun.net.httpserver.maxReqHeaderSize", "65536");
        property("sun.net.httpserver.nodelay", "true");
    }

    private final DataFolder folder;
    private final Device device;
    private final JobQueue queue;
    private final HttpServer http;
    private final ExecutorService threads;
    private final Router router = new Router();
    private final PageFiles page = new PageFiles();
    private final Guard guard;
    private final Consumer<String> log;

    private static void property(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    private Server(ServerOptions options, DataFolder folder, Device device, CommandLines commandLines,
            Consumer<String> log) throws IOException {
        this.folder = folder;
        this.device = device;
        this.log = log;
        FilmStore films = new FilmStore(folder.films(), options.limits().films(),
                new FilmInspector(options.limits().filmPixels()), log);
        JobStore jobs = new JobStore(folder.jobs(), options.limits().jobs(), log);
        this.queue = new JobQueue(options.limits().queue(), device::run, log);
        Token token = options.token() == null ? null : new Token(options.token());
        Services s = new Services(new ApiDocument(), films, new MaskStore(films), jobs, queue, device, commandLines,
                options.limits(), options.model().name());
        Submissions submissions = new Submissions(s);
        new AboutApi(s, options.model(), options.run().backend(), token).register(router);
        new FilmApi(s).register(router);
        new MaskApi(s).register(router);
        new JobApi(s, submissions).register(router);
        new ReproduceApi(s).register(router);
        new SdApi(s, submissions).register(router);
        this.guard = new Guard(Guard.hosts(options.address(), options.names()), token);
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.http = bind(options);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        List<Job> earlier = jobs.all().reversed().stream().filter(j -> j.state() == Job.State.QUEUED).toList();
        queue.start(earlier);
        http.start();
    }

    private static HttpServer bind(ServerOptions options) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(options.address(), options.port()), BACKLOG);
        } catch (BindException e) {
            throw new InvalidRequestException("port " + options.port() + " of " + options.address().getHostAddress()
                    + " cannot be used (" + e.getMessage() + "); choose another, or 0 for any that is free");
        }
    }

    /**
     * Opens the model and starts to serve.
     *
     * @param options
     *            how the server runs
     * @param commandLines
     *            writes the command line of a request
     * @param log
     *            receives what went wrong and is not the client's fault; nothing of a patient
     * @return the server; the caller closes it
     * @throws InvalidRequestException
     *             if the port is taken, or another server uses the folder
     * @throws radedit.weights.WeightsException
     *             if the model cannot be used
     * @throws radedit.exec.BackendException
     *             if the backend cannot run here
     * @throws IOException
     *             if the folder cannot be used
     */
    public static Server open(ServerOptions options, CommandLines commandLines, Consumer<String> log)
            throws IOException {
        DataFolder folder = DataFolder.open(options.folder());
        Device device = null;
        try {
            device = new Device(options.model(), options.run(), new JobInputs());
            return new Server(options, folder, device, commandLines, log);
        } catch (IOException | RuntimeException e) {
            if (device != null) {
                device.close();
            }
            folder.close();
            throw e;
        }
    }

    /** {@return the address that this server listens at} */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    /**
     * {@return the address of the page}
     *
     * @param host
     *            a name of this server
     */
    public URI page(String host) {
        String shown = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return URI.create("http://" + shown + ":" + http.getAddress().getPort() + "/");
    }

    /** {@return the routes of the interface, as "METHOD path"} */
    List<String> routes() {
        return router.routes().stream().map(r -> r.method() + " " + r.path()).toList();
    }

    private void handle(HttpExchange exchange) {
        try {
            Guard.protect(exchange.getResponseHeaders());
            serve(exchange);
        } catch (HttpError e) {
            refuse(exchange, e);
        } catch (IOException e) {
            if (exchange.getResponseCode() < 0) { // else the client has left
                log.accept("a request failed: " + e.getClass().getName());
                refuse(exchange, new HttpError(500, "a file of this server cannot be read or written"));
            }
        } catch (RuntimeException | Error e) {
            log.accept("a request failed: " + e.getClass().getName());
            refuse(exchange, e instanceof OutOfMemoryError
                    ? new HttpError(503, "the server is short of memory; try again later")
                    : new HttpError(500, "the server failed"));
        } finally {
            exchange.close();
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        if (path == null) {
            throw new HttpError(400, "the address is not a path");
        }
        boolean api = router.owns(path);
        boolean reads = method.equals("GET") || method.equals("HEAD");
        guard.check(exchange, !api && reads || path.equals("/api/v1/session"));
        if (api) {
            router.serve(exchange);
        } else if (reads) {
            page.serve(new Call(exchange, Map.of()), path);
        } else {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            throw new HttpError(405, "this address takes GET only");
        }
    }

    /** Answers with an error, unless the answer has begun. */
    private static void refuse(HttpExchange exchange, HttpError e) {
        if (exchange.getResponseCode() >= 0) {
            return;
        }
        @Nullable
        String field = e.field();
        var o = Json.object().put("error", e.getMessage());
        if (field != null) {
            o.put("field", field);
        }
        if (e.status() == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        }
        try {
            new Call(exchange, Map.of(), Map.of()).json(e.status(), o);
        } catch (IOException gone) {
            // nobody is there to be told
        }
    }

    /**
     * Stops to take requests, ends the running job, which the next server says was interrupted, and closes the model. Jobs
     * that wait are for the next server on the same folder.
     */
    @Override
    public void close() throws IOException {
        try {
            queue.close();
        } finally {
            http.stop(0);
            threads.shutdownNow();
            try {
                threads.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            device.close();
            folder.close();
        }
    }
}
