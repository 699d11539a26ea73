package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SignatureException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import radedit.files.Messages;
import radedit.signature.ModelFiles;
import radedit.signature.ModelSignature;
import radedit.signature.ModelStatement;
import radedit.signature.VerifyingKey;

/** radedit weights verify-signature. */
@Command(name = "verify-signature", mixinStandardHelpOptions = true, description = {
        "Checks that a model has every file that was signed, unchanged, and no other.",
        "Verifies signatures in the OpenSSF's format that were made with a key. Those with certificates, and Sigstore's without a key of one's own, are refused.",
        "Exits with code 6 if the signature is not the key's or the model is another."})
final class WeightsVerifySignatureCommand implements Callable<Integer> {
    private static final int MOST_LINES = 20;

    @Mixin
    private ModelFilesOptions model;

    @Option(names = "--signature", paramLabel = "F", required = true, description = "the signature, such as model.sig")
    private Path signature;

    @Option(names = "--public-key", paramLabel = "F", required = true, description = "the signer's public key (PEM)")
    private Path publicKey;

    @Option(names = "--ignore-unsigned-files", description = "accept files that were not signed")
    private boolean ignoreUnsigned;

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        VerifyingKey key = Inputs.read(publicKey, VerifyingKey::read);
        ModelSignature signed = Inputs.read(signature, ModelSignature::read);
        ModelFiles files = model.files(signature);
        ModelStatement statement;
        try {
            statement = signed.verified(key);
        } catch (SignatureException e) {
            return report(null, null, signature + ": " + e.getMessage());
        }
        console.to(spec.commandLine().getErr());
        ModelStatement.Differences d = statement.differences(files,
                name -> console.progress("hashing " + name, 0, 1));
        console.clearLine();
        boolean same = d.changed().isEmpty() && d.missing().isEmpty() && (ignoreUnsigned || d.extra().isEmpty());
        return report(statement, d,
                same ? null : model.model() + ": is not the model that was signed" + form(statement));
    }

    /** A signature of one file is compared with a file, one of a folder with a folder. */
    private String form(ModelStatement signed) {
        boolean one = signed.isOneFile();
        return one == Files.isRegularFile(model.model())
                ? ""
                : one
                        ? ", which was one file: name that instead of a folder"
                        : ", which was a folder: name that instead of one file";
    }

    private int report(@Nullable ModelStatement s, ModelStatement.@Nullable Differences d, @Nullable String fault)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("holds", fault == null);
            m.put("signature_valid", s != null);
            if (s != null && d != null) {
                m.put("signed", s.hashes().size());
                m.put("ignored", s.ignored());
                m.put("changed", d.changed());
                m.put("missing", d.missing());
                m.put("extra", d.extra());
            }
            out.println(OutputOptions.JSON.writeValueAsString(m));
        } else if (!console.quiet() && s != null && d != null) {
            print(out, "changed", d.changed());
            print(out, "missing", d.missing());
            print(out, ignoreUnsigned ? "not signed, ignored" : "not signed", d.extra());
            if (fault == null) {
                out.println(
                        s.hashes().size() == 1 ? "1 file is as signed" : s.hashes().size() + " files are as signed");
            }
        }
        if (fault != null) {
            spec.commandLine().getErr().println("radedit: " + fault);
        }
        return fault == null ? Exit.OK : Exit.CHECK;
    }

    private static void print(PrintWriter out, String what, List<String> names) {
        names.stream().limit(MOST_LINES).forEach(n -> out.println(what + ": " + Messages.printable(n)));
        if (names.size() > MOST_LINES) {
            out.println(what + ": " + (names.size() - MOST_LINES) + " more");
        }
    }
}
