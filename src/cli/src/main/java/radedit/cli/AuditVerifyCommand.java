package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.certificate.CertificateCheck;
import radedit.certificate.Check;
import radedit.checkpoint.NamedModels;
import radedit.files.Messages;
import radedit.pipeline.InvalidRequestException;
import radedit.signature.VerifyingKey;
import radedit.weights.WeightsException;

/** radedit audit verify. */
@Command(name = "verify", mixinStandardHelpOptions = true, description = {
        "Checks the sums and the signature of a certificate, and whether pictures and traces are what it says.",
        "No network is run without --rerun. Exits with code 6 if a check fails, 3 if it is no certificate."})
final class AuditVerifyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "the certificate's folder")
    private Path folder;

    @Parameters(index = "1..*", paramLabel = "FILE", description = "files that were certified without copies")
    private List<Path> originals = new ArrayList<>();

    @Option(names = "--public-key", paramLabel = "F", description = "the signer's public key (PEM); without it, a signature stays unchecked")
    private @Nullable Path publicKey;

    @Option(names = "--rerun", description = "make each picture again and compare it to the bit")
    private boolean rerun;

    @Option(names = "--model", paramLabel = "DIR", description = "with --rerun: the model, where it is not found by its name")
    private @Nullable String model;

    @Option(names = "--search", paramLabel = "DIR", description = "with --rerun: look for films and masks in this folder; may be repeated")
    private List<Path> search = new ArrayList<>();

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!rerun && (model != null || !search.isEmpty())) {
            throw new InvalidRequestException((model != null ? "--model" : "--search") + " needs --rerun");
        }
        requirePlaces();
        VerifyingKey key = publicKey == null ? null : Inputs.read(publicKey, VerifyingKey::read);
        ReplayedPicture replay = rerun ? new ReplayedPicture(model, search) : null;
        List<Check> checks = Inputs.read(folder, f -> CertificateCheck.of(f, key, originals, replay));
        boolean holds = checks.stream().noneMatch(c -> c.outcome() == Check.Outcome.FAILED);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(OutputOptions.JSON.writeValueAsString(
                    Map.of("holds", holds, "checks", checks.stream().map(AuditVerifyCommand::document).toList())));
        } else if (!console.quiet()) {
            checks.forEach(c -> out.printf("%-9s %s: %s%n", Choice.word(c.outcome()), Messages.printable(c.what()),
                    Messages.printable(c.detail())));
        }
        if (!holds) {
            long failed = checks.stream().filter(c -> c.outcome() == Check.Outcome.FAILED).count();
            spec.commandLine().getErr()
                    .println("radedit: " + failed + " of " + checks.size() + " checks of " + folder + " failed");
        }
        return holds ? Exit.OK : Exit.CHECK;
    }

    /** Refuses places that are not there: with them, each rerun would be unchecked, which is no failure. */
    private void requirePlaces() {
        InputFinder.requireFolders(search);
        if (model != null && !Files.isDirectory(NamedModels.resolve(Inputs.path(model), System.getenv()))) {
            throw new WeightsException("--model " + model + ": no such model folder");
        }
    }

    private static Map<String, Object> document(Check c) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("check", c.what());
        m.put("outcome", Choice.word(c.outcome()));
        m.put("detail", c.detail());
        return m;
    }
}
