package radedit.tools.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import radedit.checkpoint.ModelFolder.Part;
import radedit.files.Messages;
import radedit.weights.WeightsException;

/**
 * Fetches the published model from the three repositories that its model card names: the UNet (microsoft/radedit), the
 * VAE (stabilityai/sdxl-vae), and the text encoder with its tokenizer and the image encoder for scores
 * (microsoft/BiomedVLP-BioViL-T). Files are chosen from the repositories' listings, since these may change.
 */
public final class RadEditModel {
    private static final RepoId UNET = new RepoId("microsoft/radedit");
    private static final RepoId VAE = new RepoId("stabilityai/sdxl-vae");
    private static final RepoId BIOVIL = new RepoId("microsoft/BiomedVLP-BioViL-T");
    private static final String MAIN = "main";
    /** The tag from which hi-ml-multimodal takes the image encoder. */
    private static final String IMAGE_TAG = "v1.0";
    private static final String DIFFUSERS = "diffusion_pytorch_model";
    private static final String TRANSFORMERS = "model";
    private static final List<String> TOKENIZER = List.of("vocab.txt", "tokenizer.json", "tokenizer_config.json",
            "special_tokens_map.json");

    /**
     * The result of a fetch.
     *
     * @param folder
     *            the model folder
     * @param snapshots
     *            the fetched files, by repository
     * @param ready
     *            whether the model can be used; otherwise the listener has received what is missing
     */
    public record Fetched(Path folder, List<Snapshot> snapshots, boolean ready) {}

    private record Network(String folder, WeightFiles weights) {}

    private final RepoFetch fetch;
    private final Path folder;
    private final boolean links;
    private final Optional<Converter> converter;
    private final FetchListener listener;

    /**
     * Prepares a fetch.
     *
     * @param fetch
     *            fetches files of a repository
     * @param settings
     *            whether snapshots may be symbolic links
     * @param folder
     *            target of the model folder
     * @param converter
     *            converts pickles and older names; if absent, weights that need it stay unconverted
     * @param listener
     *            receives warnings and progress
     */
    public RadEditModel(RepoFetch fetch, HubSettings settings, Path folder, Optional<Converter> converter,
            FetchListener listener) {
        this.fetch = fetch;
        this.folder = folder;
        this.links = settings.links();
        this.converter = converter;
        this.listener = listener;
    }

    /**
     * Fetches files that are not in the cache, and assembles the model folder.
     *
     * @return the model folder
     * @throws WeightsException
     *            if a repository lacks expected files or is not accessible, or a download is damaged
     * @throws HubException
     *            if the hub cannot be reached and the cache is incomplete
     * @throws IOException
     *            if a file cannot be written
     */
    public Fetched fetch() throws IOException {
        ModelAssembly.check(folder);
        Snapshot unet = fetch.fetch(UNET, MAIN, RadEditModel::unetFiles);
        Snapshot vae = fetch.fetch(VAE, MAIN, RadEditModel::vaeFiles);
        Snapshot text = fetch.fetch(BIOVIL, MAIN, RadEditModel::textFiles);
        List<Snapshot> all = new ArrayList<>(List.of(unet, vae, text));
        Optional<Snapshot> image = image();
        image.ifPresent(all::add);
        try (ModelAssembly a = new ModelAssembly(folder, links, converter, listener)) {
            network(a, unet, unet(unet.files()), Part.UNET, DIFFUSERS);
            if (scheduler(unet.files()).isPresent()) {
                a.add(unet, scheduler(unet.files()).get(), "scheduler/scheduler_config.json");
            }
            network(a, vae, vae(vae.files()), Part.VAE, DIFFUSERS);
            network(a, text, text(text.files()), Part.TEXT_ENCODER, TRANSFORMERS);
            for (String f : tokenizer(text.files())) {
                a.add(text, f, Part.TOKENIZER.folder() + "/" + f.substring(f.lastIndexOf('/') + 1));
            }
            if (image.isPresent()) {
                imageEncoder(a, image.get());
            }
            return new Fetched(folder, all, a.finish());
        }
    }

    private static void network(ModelAssembly a, Snapshot s, Network n, Part part, String stem) throws IOException {
        a.add(s, n.folder + "config.json", part.folder() + "/config.json");
        a.addWeights(s, n.weights, part.folder(), stem);
    }

    /** Adds the image encoder. Only scores need it, so its absence is not an error. */
    private void imageEncoder(ModelAssembly a, Snapshot s) throws IOException {
        try {
            a.addWeights(s, WeightFiles.imageEncoder(s.files()).orElseThrow(), Part.IMAGE_ENCODER.folder(),
                    TRANSFORMERS);
        } catch (IOException | WeightsException e) {
            a.drop(Part.IMAGE_ENCODER.folder());
            listener.warning("the image encoder is left out: "
                    + (e instanceof IOException io ? Messages.of(io) : e.getMessage()));
        }
    }

    private Optional<Snapshot> image() throws IOException {
        String first = null;
        for (String revision : List.of(MAIN, IMAGE_TAG)) {
            try {
                return Optional.of(fetch.fetch(BIOVIL, revision, names -> WeightFiles.imageEncoder(names)
                        .orElseThrow(() -> missing(BIOVIL, "image encoder", names)).files()));
            } catch (WeightsException e) {
                first = first == null ? e.getMessage() : first;
            }
        }
        listener.warning("no image encoder, so there will be no scores: " + first);
        return Optional.empty();
    }

    private static List<String> unetFiles(List<String> names) {
        List<String> files = files(unet(names));
        scheduler(names).ifPresent(files::add);
        return files;
    }

    private static List<String> vaeFiles(List<String> names) {
        return files(vae(names));
    }

    private static List<String> textFiles(List<String> names) {
        List<String> files = files(text(names));
        files.addAll(tokenizer(names));
        return files;
    }

    private static List<String> files(Network n) {
        List<String> files = new ArrayList<>(List.of(n.folder + "config.json"));
        files.addAll(n.weights.files());
        return files;
    }

    private static Network unet(List<String> names) {
        return network(UNET, "UNet", names, DIFFUSERS, "unet/", "");
    }

    private static Network vae(List<String> names) {
        return network(VAE, "autoencoder", names, DIFFUSERS, "", "vae/");
    }

    private static Network text(List<String> names) {
        return network(BIOVIL, "text encoder", names, TRANSFORMERS, "", "text_encoder/");
    }

    private static Network network(RepoId repo, String what, List<String> names, String stem, String... folders) {
        for (String folder : folders) {
            Optional<WeightFiles> w = WeightFiles.among(names, folder, stem);
            if (w.isPresent() && names.contains(folder + "config.json")) {
                return new Network(folder, w.get());
            }
        }
        throw missing(repo, what, names);
    }

    private static Optional<String> scheduler(List<String> names) {
        return names.stream()
                .filter(n -> n.equals("scheduler/scheduler_config.json") || n.equals("scheduler_config.json"))
                .findFirst();
    }

    private static List<String> tokenizer(List<String> names) {
        for (String folder : List.of("", "tokenizer/", "text_encoder/")) {
            List<String> here = TOKENIZER.stream().map(n -> folder + n).filter(names::contains).toList();
            if (here.contains(folder + "vocab.txt") || here.contains(folder + "tokenizer.json")) {
                return here;
            }
        }
        throw missing(BIOVIL, "tokenizer", names);
    }

    private static WeightsException missing(RepoId repo, String what, List<String> names) {
        return new WeightsException(repo + ": holds no " + what + " that can be recognised\nit has "
                + FileSelection.few(names));
    }
}
