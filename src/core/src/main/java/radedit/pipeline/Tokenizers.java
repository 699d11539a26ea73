package radedit.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.files.Messages;
import radedit.model.CxrBertConfig;
import radedit.safetensors.Json;
import radedit.safetensors.Placeholder;
import radedit.text.WordPiece;
import radedit.weights.WeightsException;

/** Reads a tokenizer folder: vocab.txt, or the vocabulary inside tokenizer.json. */
final class Tokenizers {
    private Tokenizers() {
    }

    /**
     * {@return the tokenizer of a model; its vocabulary may be in the text encoder's folder}
     *
     * @throws WeightsException
     *             if there is none, or its vocabulary is larger than the text encoder's
     */
    static WordPiece read(ModelFolder model, CxrBertConfig encoder) {
        WordPiece tokenizer = read(model.find(Part.TOKENIZER).filter(p -> Files.exists(p.resolve("vocab.txt")))
                .or(() -> model.find(Part.TEXT_ENCODER).filter(p -> Files.exists(p.resolve("vocab.txt"))))
                .orElseGet(() -> model.get(Part.TOKENIZER)));
        if (tokenizer.vocabularySize() > encoder.vocabSize()) {
            throw new WeightsException(model + ": the parts do not fit together: the vocabulary has "
                    + tokenizer.vocabularySize() + " tokens, the text encoder knows " + encoder.vocabSize());
        }
        return tokenizer;
    }

    /**
     * @throws WeightsException
     *             if there is no vocabulary, or one of another kind of tokenizer
     */
    static WordPiece read(Path folder) {
        Path words = folder.resolve("vocab.txt");
        Path json = folder.resolve("tokenizer.json");
        try {
            if (Files.exists(words)) {
                if (Files.isRegularFile(words)) {
                    Placeholder.refuse(words);
                }
                return new WordPiece(WordPiece.readVocabulary(words), lowerCase(folder));
            }
            if (Files.exists(json)) {
                return new WordPiece(vocabulary(json), lowerCase(folder));
            }
        } catch (IOException e) {
            throw new WeightsException(Messages.of(e), e);
        } catch (IllegalArgumentException e) {
            throw new WeightsException(folder + ": " + e.getMessage(), e);
        }
        throw new WeightsException(folder + ": neither vocab.txt nor tokenizer.json found");
    }

    private static boolean lowerCase(Path folder) throws IOException {
        Path file = folder.resolve("tokenizer_config.json");
        return !Files.exists(file) || Json.read(file).path("do_lower_case").asBoolean(true);
    }

    private static List<String> vocabulary(Path file) throws IOException {
        JsonNode model = Json.read(file).path("model");
        JsonNode entries = model.path("vocab");
        if (!model.path("type").asText("WordPiece").equals("WordPiece") || !entries.isObject()) {
            throw new WeightsException(file + ": holds no WordPiece vocabulary");
        }
        List<String> words = new ArrayList<>(Collections.nCopies(entries.size(), null));
        for (Map.Entry<String, JsonNode> e : entries.properties()) {
            int id = e.getValue().asInt(-1);
            if (id < 0 || id >= words.size() || words.set(id, e.getKey()) != null) {
                throw new WeightsException(file + ": token ids are not 0 to " + (words.size() - 1));
            }
        }
        return words;
    }
}
