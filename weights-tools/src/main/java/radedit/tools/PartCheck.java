package radedit.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import radedit.checkpoint.ModelFolder.Part;
import radedit.model.BioVilImage;
import radedit.model.BioVilImageConfig;
import radedit.model.CxrBert;
import radedit.model.CxrBertConfig;
import radedit.model.UNet;
import radedit.model.UNetConfig;
import radedit.model.Vae;
import radedit.model.VaeConfig;
import radedit.safetensors.Json;
import radedit.tensor.Shape;
import radedit.weights.InertTensors;

/**
 * How to check the weights of one part.
 *
 * @param modelClass
 *            the class in its config.json; empty for a part that is published without one
 * @param demand
 *            reads the configuration in a folder and returns the tensors that it implies
 */
record PartCheck(Part part, String modelClass, Function<Path, Demand> demand) {
    /**
     * The tensors that a configuration implies.
     *
     * @param shapes
     *            shape of every tensor that the network uses
     * @param required
     *            whether one of these must exist
     * @param known
     *            whether another tensor belongs to the published weights
     * @param unused
     *            whether another tensor may exist without affecting any result
     */
    record Demand(Map<String, Shape> shapes, Predicate<String> required, Predicate<String> known,
            Predicate<String> unused) {
        static Demand exactly(Map<String, Shape> shapes, Predicate<String> unused) {
            return new Demand(shapes, name -> true, name -> false, unused);
        }
    }

    /** All parts whose configuration is supported. */
    private static final List<PartCheck> ALL = List.of(
            new PartCheck(Part.UNET, "UNet2DConditionModel",
                    f -> Demand.exactly(UNet.weights(UNetConfig.read(f)), InertTensors::contains)),
            new PartCheck(Part.VAE, "AutoencoderKL",
                    f -> Demand.exactly(Vae.weights(VaeConfig.read(f)), name -> !Vae.indicatesOtherArchitecture(name))),
            new PartCheck(Part.TEXT_ENCODER, "CXRBertModel", PartCheck::text),
            new PartCheck(Part.IMAGE_ENCODER, "", f -> new Demand(BioVilImage.weights(BioVilImageConfig.read(f)),
                    name -> true, BioVilImage::isOptional, InertTensors::contains)));

    private static Demand text(Path folder) {
        CxrBertConfig config = CxrBertConfig.read(folder);
        return new Demand(CxrBert.weights(config), CxrBert.requiredWeights(config)::containsKey, CxrBert::isOptional,
                InertTensors::contains);
    }

    /** The check of a part of a model folder. */
    static Optional<PartCheck> of(Part part) {
        return ALL.stream().filter(c -> c.part == part).findFirst();
    }

    /**
     * The part in a folder, by the class in its config.json, else by the folder's name; empty if neither identifies it.
     */
    static Optional<Part> partOf(Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        JsonNode config = Files.exists(file) ? Json.read(file) : JsonNodeFactory.instance.objectNode();
        String named = config.path("_class_name").asText(config.path("architectures").path(0).asText(""));
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return ALL.stream().filter(c -> !named.isEmpty() && c.modelClass.equals(named)).map(PartCheck::part).findFirst()
                .or(() -> Arrays.stream(Part.values()).filter(p -> name != null && name.endsWith(p.folder()))
                        .findFirst());
    }

    /** The parts with weights in a folder; empty if it is not a model folder. */
    static List<Part> partsIn(Path folder) {
        return Arrays.stream(Part.values()).filter(p -> p != Part.TOKENIZER && p != Part.SCHEDULER)
                .filter(p -> Files.isDirectory(folder.resolve(p.folder()))).toList();
    }
}
