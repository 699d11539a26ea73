package radedit.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.Backend;
import radedit.exec.PlannedGraph;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Probe;
import radedit.model.CxrBert;
import radedit.model.CxrBertConfig;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.text.Encoding;
import radedit.text.UnknownWords;
import radedit.text.WordPiece;
import radedit.weights.InertTensors;
import radedit.weights.WeightStore;
import radedit.weights.WeightsException;

/** Tokenizer and text encoder of a model: embeds texts for the UNet, and in the space shared with films. */
final class TextEncoder implements AutoCloseable {
    private final CxrBertConfig config;
    private final WordPiece tokenizer;
    private final TextWarnings warnings;
    private final WeightStore weights;
    private final Backend backend;

    /**
     * @param listener
     *            receives warnings of unexpected weights
     * @throws WeightsException
     *             if a part is missing, damaged, or does not fit the other
     */
    TextEncoder(ModelFolder model, Backend backend, Listener listener) {
        this.backend = backend;
        this.config = CxrBertConfig.read(model.get(Part.TEXT_ENCODER));
        this.tokenizer = Tokenizers.read(model, config);
        this.warnings = new TextWarnings(model.learntWords().map(words -> new UnknownWords(tokenizer, words))
                .orElseGet(() -> new UnknownWords(tokenizer)));
        this.weights = WeightStore.open(model.get(Part.TEXT_ENCODER));
        try {
            weights.verify(CxrBert.requiredWeights(config), CxrBert::isOptional, InertTensors::contains)
                    .forEach(listener::warning);
            backend.announce(List.of(new PlannedGraph(CxrBert.embedding(config, 1, config.maxPositions()), weights),
                    new PlannedGraph(CxrBert.hiddenStates(config, 1, config.maxPositions()), weights)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** {@return the text encoder's configuration} */
    CxrBertConfig config() {
        return config;
    }

    /** {@return the channels of the hidden states} */
    int hiddenSize() {
        return config.hiddenSize();
    }

    /** {@return the largest number of tokens} */
    int maxTokens() {
        return config.maxPositions();
    }

    /** {@return the channels of the joint embedding} */
    int projectionSize() {
        return config.projectionSize();
    }

    List<Path> files() {
        return weights.files();
    }

    Encoding tokens(String prompt) {
        return tokenizer.encode(prompt);
    }

    /** {@return the warnings about unknown words} */
    TextWarnings warnings() {
        return warnings;
    }

    /** {@return the embedding [1, tokens, channels] that the UNet attends to; padding is neither masked nor removed} */
    Tensor context(Encoding tokens, Probe probe, Program.Run options) {
        return run(contextGraph(), Map.of("input_ids", ids(List.of(tokens))), "last_hidden_state", probe, options);
    }

    /** {@return the graph of {@link #context}} */
    Graph contextGraph() {
        return CxrBert.hiddenStates(config, 1, WordPiece.LENGTH);
    }

    /**
     * {@return the joint embeddings of texts, not normalised, as hi-ml's inference engine computes them: punctuation at
     * the end removed, padded to the longest text, padding masked}
     *
     * @param listener
     *            receives warnings of unknown words
     * @throws InvalidRequestException
     *             if a text is empty, too long, or spells out a special token
     */
    List<double[]> embeddings(List<String> texts, Listener listener) {
        List<Encoding> all = texts.stream().map(this::phrase).toList();
        texts.forEach(t -> warnings.check(t, listener));
        int longest = all.stream().mapToInt(Encoding::length).max().orElseThrow();
        List<Encoding> padded = all.stream().map(e -> resize(e, longest)).toList();
        Tensor mask = Tensor.zeros(Shape.of(texts.size(), longest));
        for (int i = 0; i < padded.size(); i++) {
            Arrays.fill(mask.data(), i * longest, i * longest + padded.get(i).length(), 1);
        }
        Tensor out = run(CxrBert.embedding(config, texts.size(), longest),
                Map.of("input_ids", ids(padded), "attention_mask", mask), "embedding", Probe.NONE,
                Program.Run.DEFAULT);
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            rows.add(out.slice(i, i + 1).data());
        }
        return rows;
    }

    private Encoding phrase(String text) {
        if (WordPiece.containsSpecialToken(text)) {
            throw new InvalidRequestException("the text '" + text + "' spells out a special token of the vocabulary");
        }
        String stripped = text.replaceAll("[!?.]+$", "");
        if (stripped.isBlank()) {
            throw new InvalidRequestException("the text '" + text + "' is empty; there is nothing to compare with");
        }
        Encoding e = tokenizer.encode(stripped, config.maxPositions());
        if (e.dropped() > 0) {
            throw new InvalidRequestException(
                    "the text is " + e.dropped() + " tokens too long; the text encoder accepts "
                            + (config.maxPositions() - 2));
        }
        return e;
    }

    private static Encoding resize(Encoding e, int length) {
        return new Encoding(Arrays.copyOf(e.ids(), length), e.length(), 0);
    }

    private static Tensor ids(List<Encoding> rows) {
        int n = rows.getFirst().ids().length;
        Tensor t = Tensor.zeros(Shape.of(rows.size(), n));
        for (int i = 0; i < t.data().length; i++) {
            t.data()[i] = rows.get(i / n).ids()[i % n];
        }
        return t;
    }

    private Tensor run(Graph graph, Map<String, Tensor> inputs, String output, Probe probe, Program.Run options) {
        Tensor out = backend.compile(graph, weights, probe).run(inputs, output, options);
        weights.unload();
        return out;
    }

    @Override
    public void close() {
        weights.close();
    }
}
