package radedit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import radedit.certificate.Certificate;
import radedit.files.OutputFolder;
import radedit.signature.SigningKey;

/** radedit audit certify. */
@Command(name = "certify", mixinStandardHelpOptions = true, description = {
        "Writes a folder that says what made pictures and can be checked later and elsewhere.",
        "It holds certificate.json, copies of the files, the program's bill of materials and SHA256SUMS."}, footer = {
                "", "Examples:", "  radedit audit certify film.png --trace film.jsonl.gz -o certificate",
                "  radedit audit certify film.png -o certificate --key private.pem",
                "'openssl genpkey -algorithm ed25519 -out private.pem' makes a key."})
final class AuditCertifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PICTURE", arity = "1..*", description = "pictures written by radedit (PNG, DICOM, NIfTI or safetensors)")
    private List<Path> pictures = new ArrayList<>();

    @Option(names = {"-o",
            "--output"}, paramLabel = "DIR", required = true, description = "a folder that does not exist yet, or is empty")
    private Path output;

    @Option(names = "--trace", paramLabel = "F", description = "a trace of a run that made them; may be repeated")
    private List<Path> traces = new ArrayList<>();

    @Option(names = "--report", paramLabel = "F", description = "what audit local, diff or compare printed with --json; may be repeated")
    private List<Path> reports = new ArrayList<>();

    @Option(names = "--no-copies", description = "leave out pictures and traces, such as patients' films; their hashes and settings stay")
    private boolean withoutCopies;

    @Option(names = "--key", paramLabel = "F", description = "sign SHA256SUMS with this private key (PEM, PKCS #8: Ed25519, EC on P-256, P-384 or P-521, RSA)")
    private @Nullable Path key;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        WeightsCommand.requireEmpty(output);
        SigningKey signer = key == null ? null : Inputs.read(key, SigningKey::read);
        List<Path> all = new ArrayList<>(pictures);
        all.addAll(traces);
        all.addAll(reports);
        for (Path file : all) {
            Inputs.read(file, f -> {
                if (!Files.isRegularFile(f)) {
                    throw new IOException(Files.exists(f) ? "is not a regular file" : "no such file");
                }
                return f;
            });
        }
        Certificate certificate = new Certificate(pictures, traces, reports, !withoutCopies);
        try (OutputFolder out = OutputFolder.begin(output)) {
            certificate.write(out.path(), signer);
            out.commit();
        }
        if (!console.quiet()) {
            spec.commandLine().getOut().println(output);
            if (signer != null) {
                spec.commandLine().getOut()
                        .println("signed with the key whose public key has the SHA-256 "
                                + signer.publicKey().fingerprint());
            }
        }
        return Exit.OK;
    }
}
