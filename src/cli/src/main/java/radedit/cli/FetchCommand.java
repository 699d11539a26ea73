package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.checkpoint.NamedModels;
import radedit.pipeline.InvalidRequestException;
import radedit.tools.Convert;
import radedit.tools.hub.Converter;
import radedit.tools.hub.FetchListener;
import radedit.tools.hub.HubSettings;
import radedit.tools.hub.RadEditModel;
import radedit.tools.hub.RepoFetch;
import radedit.tools.hub.RepoId;
import radedit.tools.hub.Snapshot;

/** radedit weights fetch. */
@Command(name = "fetch", mixinStandardHelpOptions = true, description = {
        "Downloads checkpoints from the Hugging Face hub into its cache, where Python finds them too.",
        "'radedit' downloads all parts of the published model, so that --model radedit works."}, footerHeading = "%nVariables:%n", footer = {
                "  HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE",
                "      as in the hub's own programs",
                "  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY",
                "      [SCHEME://][USER:PASSWORD@]HOST[:PORT], where SCHEME is http, https,",
                "      socks4, socks4a, socks5 or socks5h",
                "  NO_PROXY",
                "      hosts to reach without a proxy",
                "  SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE",
                "      certificate authorities in addition to Java's",
                "  RADEDIT_HOME",
                "      where assembled models are stored"})
final class FetchCommand implements Callable<Integer> {
    private static final long REPORT_NS = 500_000_000;

    @Parameters(index = "0", paramLabel = "NAME", description = "radedit, or a repository of the hub as ORG/NAME")
    private String name;

    @Parameters(index = "1..*", paramLabel = "FILE", description = "files of the repository; * ? and [] are wild cards (default: all)")
    private List<String> files = List.of();

    @Option(names = "--revision", paramLabel = "R", description = "branch, tag or commit of the repository (default: main)")
    private @Nullable String revision;

    @Option(names = "--endpoint", paramLabel = "URL", description = "another hub, for instance a mirror (default: the HF_ENDPOINT variable, else https://huggingface.co)")
    private @Nullable String endpoint;

    @Option(names = "--json", description = "print one JSON document about the result, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    /** Converts the pickles in which two of the parts are published. */
    private final Optional<Converter> converter = Optional.of((in, out) -> Convert.run(in, out,
            new Convert.Options(null, 0, true, null), (done, total) -> {}));

    @Override
    public Integer call() throws IOException {
        console.to(spec.commandLine().getErr());
        boolean model = NamedModels.FETCHABLE.contains(name);
        if (model && (!files.isEmpty() || revision != null)) {
            throw new InvalidRequestException(
                    name + " is fetched as a whole; FILE and --revision need a repository (ORG/NAME)");
        }
        if (!model && !name.contains("/")) {
            throw new InvalidRequestException("'" + name + "' is neither a repository (ORG/NAME) nor one of "
                    + String.join(", ", NamedModels.FETCHABLE));
        }
        HubSettings settings = settings();
        try (RepoFetch fetch = new RepoFetch(settings, new Console(console))) {
            return model ? model(fetch, settings) : repository(fetch);
        }
    }

    private HubSettings settings() throws IOException {
        try {
            HubSettings settings = HubSettings.of(System.getenv());
            return endpoint == null ? settings : settings.withEndpoint(endpoint);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(OptionNames.in(e));
        }
    }

    private RepoId id() {
        try {
            return new RepoId(name);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(OptionNames.in(e));
        }
    }

    private int repository(RepoFetch fetch) throws IOException {
        RepoId id = id();
        if (revision != null && !RepoFetch.isRevision(revision)) {
            throw new InvalidRequestException("--revision '" + revision + "' is not a branch, tag or commit");
        }
        Snapshot s = fetch.fetch(id, revision == null ? "main" : revision, files);
        boolean one = files.size() == 1 && s.files().equals(files);
        report(one ? s.path(files.getFirst()) : s.folder(), document(s));
        return Exit.OK;
    }

    private int model(RepoFetch fetch, HubSettings settings) throws IOException {
        RadEditModel.Fetched f = new RadEditModel(fetch, settings, NamedModels.folder(name, System.getenv()),
                converter, new Console(console)).fetch();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("model", name);
        document.put("folder", f.folder().toString());
        document.put("ready", f.ready());
        document.put("repositories", f.snapshots().stream().map(FetchCommand::document).toList());
        report(f.folder(), document);
        return Exit.OK;
    }

    private static Map<String, Object> document(Snapshot s) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("repository", s.repo().text());
        document.put("revision", s.revision());
        document.put("commit", s.commit());
        document.put("folder", s.folder().toString());
        document.put("fetched", s.fetched());
        document.put("files", s.files().stream().map(f -> Map.of("name", f, "path", s.path(f).toString(), "bytes",
                size(s.path(f)))).toList());
        return document;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    private void report(Path result, Map<String, Object> document) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(OutputOptions.JSON.writeValueAsString(document));
        } else if (!console.quiet()) {
            out.println(result);
        }
    }

    /** Reports progress, at most twice a second. */
    private static final class Console implements FetchListener {
        private final ConsoleListener console;
        private String phase = "";
        private long reported;

        Console(ConsoleListener console) {
            this.console = console;
        }

        @Override
        public void warning(String message) {
            console.warning(message);
        }

        @Override
        public void progress(String what, long done, long total) {
            long now = System.nanoTime();
            if (what.equals(phase) && done < total && now - reported < REPORT_NS) {
                return;
            }
            phase = what;
            reported = now;
            boolean large = total >= 10_000_000;
            int unit = large ? 1_000_000 : 1_000;
            int all = Math.max(1, (int) ((total + unit - 1) / unit));
            console.progress(what + (large ? " MB" : " kB"), done >= total ? all : (int) (done / unit), all);
        }
    }
}
