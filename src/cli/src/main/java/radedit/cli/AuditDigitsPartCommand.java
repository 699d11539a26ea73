package radedit.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import radedit.audit.AuditedNetwork;
import radedit.audit.MonteCarlo;
import radedit.audit.SignificantDigits;
import radedit.graph.Probe;
import radedit.pipeline.Listener;
import radedit.tensor.Tensor;

/** radedit audit digits-part. */
@Command(name = "digits-part", mixinStandardHelpOptions = true, description = {
        "Estimates how many digits of the results of one network the arithmetic supports.",
        "The network is computed several times on the same inputs, each time with every operation rounded at random."}, footer = {
                "", "Inputs and results of each part: see radedit audit run --help.", "", "Example:",
                "  radedit audit digits-part vae-decoder --inputs latent.safetensors"})
final class AuditDigitsPartCommand implements Callable<Integer> {
    @Mixin
    private PartOptions part;

    @Mixin
    private DigitsOptions digits;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Listener listener = console.to(spec.commandLine().getErr());
        AuditedNetwork network = part.part();
        Outputs.requireDistinct("--outputs ", digits.outputs(), part.inputs());
        MonteCarlo monteCarlo = digits.check(model);
        Map<String, Tensor> given = part.given();
        Map<String, SignificantDigits> found = monteCarlo.run((backend, k) -> {
            Map<String, Tensor> results = part.run(() -> network.run(model.folder(), backend, given, Probe.NONE));
            listener.progress("samples", k + 1, monteCarlo.samples());
            return results;
        });
        Map<String, Object> summaries = new LinkedHashMap<>();
        found.forEach((name, d) -> summaries.put(name, DigitsOptions.document(d.summary())));
        Map<String, Object> document = digits.document();
        document.put("part", network.label());
        document.put("tensors", summaries);
        digits.write(found, document);
        if (digits.json()) {
            spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(document));
        } else if (!console.quiet()) {
            found.forEach((name, d) -> digits.print(spec.commandLine().getOut(), name, d.summary()));
        }
        return Exit.OK;
    }
}
