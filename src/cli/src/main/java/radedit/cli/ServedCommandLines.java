package radedit.cli;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.files.ShellWords;
import radedit.serve.CommandLines;

/** The command lines of requests to the server. Values that are the options' defaults are left out. */
final class ServedCommandLines implements CommandLines {
    /** Model and machine options of the server, which every command line needs. */
    private final List<String> model;

    ServedCommandLines(List<String> model) {
        this.model = List.copyOf(model);
    }

    @Override
    public String of(String kind, JsonNode request) {
        int count = kind.equals("edit") ? request.get("count").asInt() : 1;
        List<String> lines = new ArrayList<>();
        for (int k = 0; k < count; k++) { // an edit has one seed
            ObjectNode one = request.deepCopy();
            if (count > 1) {
                one.put("seed", request.get("seed").asLong() + k);
            }
            lines.add(ShellWords.joined(words(kind, one)));
        }
        return String.join("\n", lines);
    }

    /** The words of a command line. */
    List<String> words(String kind, JsonNode r) {
        List<String> all = new ArrayList<>(List.of("radedit"));
        List<String> operands = new ArrayList<>();
        switch (kind) {
            case "edit" -> edit(r, all);
            case "generation" -> {
                r.get("prompts").forEach(p -> operands.add(p.asText()));
                generation(r, all);
            }
            default -> score(r, all);
        }
        all.addAll(model);
        if (!kind.equals("score")) {
            add(all, "-o", output(kind, r));
        }
        if (operands.stream().anyMatch(o -> o.startsWith("-"))) { // so that they are not taken for options
            all.add("--");
            all.addAll(operands);
        } else {
            all.addAll(2, operands);
        }
        return all;
    }

    private static String output(String kind, JsonNode r) {
        if (kind.equals("generation")) {
            return r.get("count").asInt() * r.get("prompts").size() > 1 ? "film-{n}.png" : "film.png";
        }
        return (r.get("count").asInt() > 1 ? "edited-{seed}" : "edited")
                + (r.path("dicom").asBoolean(false) ? ".dcm" : ".png");
    }

    private static void add(List<String> all, String option, String value) {
        if (value.startsWith("-")) {
            all.add(option + "=" + value); // else it would be taken for an option
        } else {
            all.add(option);
            all.add(value);
        }
    }

    /** Adds a value unless it is the default. */
    private static void given(List<String> all, String option, JsonNode value, String usual) {
        if (!value.isMissingNode() && !value.isNull() && !isUsual(value, usual)) {
            add(all, option, value.asText());
        }
    }

    private static boolean isUsual(JsonNode value, String usual) {
        return value.isNumber() && !usual.isEmpty()
                ? value.asDouble() == Double.parseDouble(usual)
                : value.asText().equals(usual);
    }

    private static void flag(List<String> all, String option, JsonNode value) {
        if (value.asBoolean(false)) {
            all.add(option);
        }
    }

    private static void edit(JsonNode r, List<String> all) {
        all.add("edit");
        add(all, "--image", r.get("film").asText());
        given(all, "--frame", r.path("frame"), "");
        r.get("edit_mask").forEach(m -> add(all, "--edit-mask", m.asText()));
        r.path("keep_mask").forEach(m -> add(all, "--keep-mask", m.asText()));
        boolean usual = true;
        for (JsonNode p : r.get("prompts")) {
            usual &= p.get("weight").asDouble() == 7.5;
        }
        for (JsonNode p : r.get("prompts")) {
            add(all, "--prompt", p.get("text").asText());
            if (!usual) {
                add(all, "--weight", p.get("weight").asText());
            }
        }
        given(all, "--invert-prompt", r.path("invert_prompt"), "");
        given(all, "--original-text", r.path("original_text"), "");
        given(all, "--steps", r.path("steps"), "200");
        given(all, "--skip-ratio", r.path("skip_ratio"), "0.3");
        given(all, "--eta", r.path("eta"), "1");
        given(all, "--mode", r.path("mode"), "paper");
        sampling(r, all);
        given(all, "--bits", r.path("bits"), "8");
        given(all, "--tries", r.path("tries"), "1");
        given(all, "--min-score", r.path("min_score"), "");
        flag(all, "--invert-edit-mask", r.path("invert_edit_mask"));
        given(all, "--grow-edit-mask", r.path("grow_edit_mask"), "0");
        given(all, "--free-band", r.path("free_band"), "0");
        given(all, "--mask-rule", r.path("mask_rule"), "");
        given(all, "--keep-rule", r.path("keep_rule"), "");
        given(all, "--loader", r.path("loader"), "standard");
        given(all, "--window", r.path("window"), "");
        given(all, "--fit", r.path("fit"), "resize-crop");
        given(all, "--resample", r.path("resample"), "bilinear");
        if (r.path("native").asBoolean(false)) {
            all.add("--native");
            given(all, "--feather", r.path("feather"), "8");
        }
        if (r.path("dicom").asBoolean(false)) {
            all.add(r.path("patient").asText().equals("keep") ? "--keep-patient" : "--deidentify");
        }
    }

    private static void sampling(JsonNode r, List<String> all) {
        given(all, "--size", r.path("size"), "0");
        given(all, "--seed", r.path("seed"), "0");
        given(all, "--rng", r.path("rng"), "torch");
        given(all, "--deep-cache", r.path("deep_cache"), "1");
        given(all, "--guidance-interval", r.path("guidance_interval"), "0,1");
    }

    private static void generation(JsonNode r, List<String> all) {
        all.add("generate");
        given(all, "--negative-prompt", r.path("negative_prompt"), "");
        given(all, "--count", r.path("count"), "1");
        flag(all, "--seed-per-image", r.path("seed_per_image"));
        given(all, "--steps", r.path("steps"), "");
        given(all, "--guidance", r.path("guidance"), "7.5");
        given(all, "--sampler", r.path("sampler"), "");
        given(all, "--sigmas", r.path("sigmas"), "");
        given(all, "--spacing", r.path("spacing"), "");
        sampling(r, all);
        given(all, "--unguided-after", r.path("unguided_after"), "1");
        given(all, "--bits", r.path("bits"), "8");
    }

    private static void score(JsonNode r, List<String> all) {
        all.add("score");
        add(all, "--image", r.get("film").asText());
        given(all, "--frame", r.path("frame"), "");
        r.get("texts").forEach(t -> add(all, "--text", t.asText()));
        given(all, "--original", r.path("original"), "");
        given(all, "--original-text", r.path("original_text"), "");
    }
}
