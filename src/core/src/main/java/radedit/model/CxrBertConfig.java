package radedit.model;

import java.nio.file.Path;

/**
 * The sizes of a CXR-BERT, from its config.json: a BERT encoder with a projection to the space shared with images.
 *
 * @param vocabSize
 *            number of tokens in the vocabulary
 * @param hiddenSize
 *            channels of the hidden states
 * @param layers
 *            number of transformer layers
 * @param heads
 *            attention heads; divides {@code hiddenSize}
 * @param intermediateSize
 *            channels inside the feed-forward layers
 * @param maxPositions
 *            largest number of tokens in a text
 * @param typeVocabSize
 *            number of segment embeddings
 * @param projectionSize
 *            channels of the space shared with images
 * @param layerNormEps
 *            epsilon of the layer norms
 */
public record CxrBertConfig(int vocabSize, int hiddenSize, int layers, int heads, int intermediateSize,
        int maxPositions, int typeVocabSize, int projectionSize, double layerNormEps) {

    /**
     * {@return the configuration in a folder}
     *
     * @param folder
     *            the text encoder's folder
     * @throws radedit.weights.WeightsException
     *             if config.json is missing, damaged, or has an unsupported setting
     */
    public static CxrBertConfig read(Path folder) {
        ConfigReader c = ConfigReader.open(folder, "config.json");
        c.expectClass("architectures", "CXRBertModel");
        c.requireValue("model_type", "\"cxr-bert\"");
        c.requireValue("hidden_act", "\"gelu\"");
        c.requireValue("position_embedding_type", "\"absolute\"");
        c.requireValue("is_decoder", "false");
        c.requireValue("add_cross_attention", "false");
        c.requireValue("tie_word_embeddings", "true");
        CxrBertConfig config = new CxrBertConfig(c.size("vocab_size", 30522), c.size("hidden_size", 768),
                c.layers("num_hidden_layers", 12), c.size("num_attention_heads", 12), c.size("intermediate_size", 3072),
                c.size("max_position_embeddings", 512), c.size("type_vocab_size", 2), c.size("projection_size", 128),
                c.number("layer_norm_eps", 1e-12, 0, 1));
        if (config.hiddenSize % config.heads != 0) {
            throw c.invalid("num_attention_heads", "does not divide hidden_size");
        }
        c.ignore("attention_probs_dropout_prob", "hidden_dropout_prob", "classifier_dropout", "initializer_range",
                "pad_token_id", "bos_token_id", "eos_token_id", "dtype", "torch_dtype", "transformers_version",
                "use_cache", "gradient_checkpointing", "auto_map", "chunk_size_feed_forward", "output_attentions",
                "output_hidden_states", "return_dict", "id2label", "label2id", "problem_type");
        c.finish();
        return config;
    }
}
