package radedit.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.ToLongFunction;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.tools.pickle.StoredTensor;

/** Distributes a large checkpoint over files, with the algorithm and names of huggingface_hub. */
final class Shards {
    static final String SUFFIX = ".safetensors";
    private static final ObjectMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Shards() {
    }

    /**
     * Fills one shard after the other in the checkpoint's order; a tensor above the limit gets a shard of its own.
     *
     * @param bytes
     *            size of a tensor in the result
     * @param most
     *            bytes per shard; 0 for no limit
     */
    static List<Map<String, StoredTensor>> fill(Map<String, StoredTensor> tensors, ToLongFunction<StoredTensor> bytes,
            long most) {
        List<Map<String, StoredTensor>> shards = new ArrayList<>();
        Map<String, StoredTensor> current = new LinkedHashMap<>();
        long size = 0;
        for (Map.Entry<String, StoredTensor> e : tensors.entrySet()) {
            long more = bytes.applyAsLong(e.getValue());
            if (most > 0 && more > most) {
                shards.add(Map.of(e.getKey(), e.getValue()));
                continue;
            }
            if (most > 0 && size + more > most) {
                shards.add(current);
                current = new LinkedHashMap<>();
                size = 0;
            }
            current.put(e.getKey(), e.getValue());
            size += more;
        }
        if (!current.isEmpty()) {
            shards.add(current);
        }
        return shards;
    }

    /** The shards' files followed by the index; only {@code file} if there is one shard. */
    static List<Path> files(Path file, int shards) {
        if (shards == 1) {
            return List.of(file);
        }
        String name = file.getFileName().toString();
        String stem = name.substring(0, name.length() - SUFFIX.length());
        List<Path> all = new ArrayList<>();
        for (int i = 1; i <= shards; i++) {
            all.add(file.resolveSibling(String.format("%s-%05d-of-%05d%s", stem, i, shards, SUFFIX)));
        }
        all.add(file.resolveSibling(name + ".index.json"));
        return all;
    }

    /**
     * The contents of the index.
     *
     * @param places
     *            file name of each tensor's shard
     * @param bytes
     *            bytes of all tensors
     */
    static byte[] index(SortedMap<String, String> places, long bytes) throws IOException {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("metadata", Map.of("total_size", bytes));
        content.put("weight_map", places);
        return JSON.writeValueAsBytes(content);
    }
}
