package radedit.model;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.graph.Activation;
import radedit.graph.Graph;
import radedit.graph.Scope;
import radedit.graph.Value;
import radedit.graph.Weight;
import radedit.tensor.Shape;

/**
 * CXR-BERT, the text encoder of BioViL-T (Boecking et al., arXiv:2204.09817; Devlin et al., arXiv:1810.04805).
 *
 * <p>
 * Inputs: input_ids [b, l] and, where masked, attention_mask [b, l] (0 for padding). Outputs: last_hidden_state [b, l,
 * hidden], the UNet's context; embedding [b, projection], that of [CLS] in the space shared with images; projected [b,
 * projection], the same l2-normalised; logits [b, l, vocabulary] of the masked-language head, which only audits of the
 * checkpoint use.
 */
public final class CxrBert {
    private final CxrBertConfig config;

    private CxrBert(CxrBertConfig config) {
        this.config = config;
    }

    /**
     * {@return the graph from input_ids to last_hidden_state; it has no mask, since the published pipeline attends to
     * padding}
     *
     * @param config
     *            sizes of the network
     * @param batch
     *            number of texts
     * @param tokens
     *            ids per text
     */
    public static Graph hiddenStates(CxrBertConfig config, int batch, int tokens) {
        return new CxrBert(config).forward(batch, tokens, false, "last_hidden_state");
    }

    /**
     * {@return the graph from input_ids and attention_mask to embedding, from which means over several texts are
     * computed}
     *
     * @param config
     *            sizes of the network
     * @param batch
     *            number of texts
     * @param tokens
     *            ids per text
     */
    public static Graph embedding(CxrBertConfig config, int batch, int tokens) {
        return new CxrBert(config).forward(batch, tokens, true, "embedding");
    }

    /**
     * {@return the graph from input_ids and attention_mask to projected}
     *
     * @param config
     *            sizes of the network
     * @param batch
     *            number of texts
     * @param tokens
     *            ids per text
     */
    public static Graph projected(CxrBertConfig config, int batch, int tokens) {
        return new CxrBert(config).forward(batch, tokens, true, "projected");
    }

    /**
     * {@return the shape of every tensor, by its name in the checkpoint}
     *
     * @param config
     *            sizes of the network
     */
    public static Map<String, Shape> weights(CxrBertConfig config) {
        return hiddenStates(config, 1, 1).weights();
    }

    /**
     * {@return the shape of every tensor needed, by its name in the checkpoint; the masked-language head is not}
     *
     * @param config
     *            sizes of the network
     */
    public static Map<String, Shape> requiredWeights(CxrBertConfig config) {
        return projected(config, 1, 1).prune(name -> false).weights();
    }

    /**
     * {@return whether a published text encoder may contain a tensor that is not required}
     *
     * @param name
     *            name of the tensor
     */
    public static boolean isOptional(String name) {
        return name.startsWith("cls.predictions.") || name.startsWith("bert.pooler.")
                || name.equals("bert.embeddings.position_ids");
    }

    private Graph forward(int batch, int tokens, boolean masked, String wanted) {
        Scope net = Scope.root();
        Value ids = net.input("input_ids", Shape.of(batch, tokens));
        Value mask = masked ? net.input("attention_mask", Shape.of(batch, tokens)) : null;
        Scope bert = net.at("bert");
        Value h = embeddings(bert.at("embeddings"), ids);
        for (int i = 0; i < config.layers(); i++) {
            h = layer(bert.at("encoder.layer", i), h, mask);
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("last_hidden_state", h);
        Scope head = net.at("cls_projection_head");
        Value embedding = projection(head, h);
        outputs.put("embedding", embedding);
        outputs.put("projected", head.l2Normalize("normalize", embedding, 1e-12));
        outputs.put("logits", languageHead(net, h));
        return net.build(Map.of(wanted, outputs.get(wanted)));
    }

    private Value embeddings(Scope s, Value ids) {
        int c = config.hiddenSize();
        Value h = s.embedding("word_embeddings", ids, config.vocabSize(), c);
        Value segment = s.firstRow("token_type_embeddings", ids.dim(1), config.typeVocabSize(), c);
        h = s.add("add_type", h, segment);
        Value position = s.tableRows("position_embeddings", ids.dim(1), config.maxPositions(), c);
        h = s.add("add_position", h, position);
        return s.identity("dropout", s.layerNorm("LayerNorm", h, config.layerNormEps()));
    }

    private Value layer(Scope s, Value x, @Nullable Value mask) {
        Scope self = s.at("attention.self");
        Value q = self.linear("query", x, x.channels());
        Value k = self.linear("key", x, x.channels());
        Value v = self.linear("value", x, x.channels());
        Value h = mask == null
                ? self.attention("attention", q, k, v, config.heads())
                : self.attention("attention", q, k, v, mask, config.heads());
        h = output(s.at("attention.output"), h, x);
        Value m = s.at("intermediate").linear("dense", h, config.intermediateSize());
        m = s.at("intermediate").activation("intermediate_act_fn", m, Activation.GELU);
        return output(s.at("output"), m, h);
    }

    private Value output(Scope s, Value x, Value residual) {
        Value h = s.identity("dropout", s.linear("dense", x, config.hiddenSize()));
        return s.layerNorm("LayerNorm", s.add("add_residual", h, residual), config.layerNormEps());
    }

    private Value projection(Scope s, Value hidden) {
        Value h = s.linear("dense_to_hidden", s.token("cls", hidden, 0), config.projectionSize());
        h = s.activation("transform_act_fn", h, Activation.GELU);
        h = s.layerNorm("LayerNorm", h, 1e-12);
        return s.linear("dense_to_output", h, config.projectionSize());
    }

    private Value languageHead(Scope net, Value hidden) {
        Scope s = net.at("cls.predictions");
        Value h = s.at("transform").linear("dense", hidden, config.hiddenSize());
        h = s.at("transform").activation("transform_act_fn", h, Activation.GELU);
        h = s.at("transform").layerNorm("LayerNorm", h, config.layerNormEps());
        Weight words = net.table("bert.embeddings.word_embeddings", config.vocabSize(), config.hiddenSize());
        return s.tiedLinear("decoder", h, words, s.parameter("bias", Shape.of(config.vocabSize())));
    }
}
