package radedit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import radedit.files.OutputFile;
import radedit.pipeline.InvalidRequestException;
import radedit.safetensors.FormatException;
import radedit.signature.ModelSignature;
import radedit.signature.SigningKey;

/** radedit weights sign. */
@Command(name = "sign", mixinStandardHelpOptions = true, description = {
        "Signs the SHA-256 of every file of a model, in the OpenSSF's format (model signing v1.0).",
        "The program model_signing verifies it, and radedit weights verify-signature."}, footer = {"", "Example:",
                "  radedit weights sign model --key private.pem -o model.sig",
                "'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256' prints a key."})
final class WeightsSignCommand implements Callable<Integer> {
    @Mixin
    private ModelFilesOptions model;

    @Option(names = "--key", paramLabel = "F", required = true, description = "the private key (PEM, PKCS #8: EC on P-256, P-384 or P-521)")
    private Path key;

    @Option(names = {"-o",
            "--output"}, paramLabel = "F", required = true, converter = Outputs.Converter.class, description = "where the signature goes")
    private Path output;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Outputs.requireDistinct("", output, key, model.model());
        OutputFile.check(output);
        requireSignature(output);
        SigningKey signer = Inputs.read(key, SigningKey::read);
        if (!signer.publicKey().isEc()) {
            throw new InvalidRequestException(
                    "--key " + key + ": models are signed with a key on P-256, P-384 or P-521");
        }
        console.to(spec.commandLine().getErr());
        ModelSignature signature = ModelSignature.sign(model.files(output), signer,
                name -> console.progress("hashing " + name, 0, 1), output);
        console.clearLine();
        OutputFile.write(output, signature::writeTo);
        if (!console.quiet()) {
            spec.commandLine().getOut().println(output);
        }
        return Exit.OK;
    }

    /** Refuses to replace anything but a signature, such as weights: the output is not signed itself. */
    private static void requireSignature(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) == 0) {
            return;
        }
        try {
            ModelSignature.read(file);
        } catch (FormatException e) {
            throw new InvalidRequestException("-o " + file + ": exists and is not a model's signature");
        }
    }
}
