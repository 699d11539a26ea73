package radedit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import radedit.audit.AuditedNetwork;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.InvalidRequestException;
import radedit.safetensors.Safetensors;
import radedit.tensor.Tensor;

/** One network and its inputs. */
final class PartOptions {
    /** Values of PART. */
    static final class PartNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        PartNames() {
            super(Arrays.stream(AuditedNetwork.values()).map(AuditedNetwork::label).toList());
        }
    }

    @Parameters(paramLabel = "PART", completionCandidates = PartNames.class, description = "unet, vae-encoder, vae-decoder, text-encoder, image-encoder")
    private String part;

    @Option(names = "--inputs", paramLabel = "F", required = true, description = "safetensors with the network's inputs, each as in.NAME or NAME")
    private Path inputs;

    AuditedNetwork part() {
        try {
            return AuditedNetwork.of(part);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(OptionNames.in(e));
        }
    }

    Path inputs() {
        return inputs;
    }

    Map<String, Tensor> given() {
        return Inputs.read(inputs, p -> {
            Map<String, Tensor> all = new LinkedHashMap<>();
            try (Safetensors file = Safetensors.open(p)) {
                for (String name : part().inputs()) {
                    Inputs.tensor(file, name).ifPresent(t -> all.put(name, t));
                }
            }
            return all;
        });
    }

    /** Runs the network; inputs that do not fit are attributed to their file. */
    Map<String, Tensor> run(Supplier<Map<String, Tensor>> work) {
        try {
            return work.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(inputs + ": " + OptionNames.in(e), e);
        }
    }
}
