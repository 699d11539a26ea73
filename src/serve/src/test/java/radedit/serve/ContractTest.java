package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The OpenAPI document and the server say the same. */
class ContractTest {
    private static final ApiDocument DOCUMENT = new ApiDocument();

    @TempDir
    private Path folder;

    @Test
    void routesAreThoseOfTheDocument() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            assertEquals(new TreeSet<>(DOCUMENT.routes()), new TreeSet<>(s.server.routes()));
            assertEquals(s.server.routes().size(), new TreeSet<>(s.server.routes()).size(), "no route twice");
        }
    }

    /** Every route answers, with a status that the document has, to a request that names nothing that exists. */
    @Test
    void statusesAreThoseOfTheDocument() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            for (String route : DOCUMENT.routes()) {
                String method = route.substring(0, route.indexOf(' '));
                String path = route.substring(route.indexOf(' ') + 1);
                JsonNode responses = DOCUMENT.json().path("paths").path(path)
                        .path(method.toLowerCase(java.util.Locale.ROOT))
                        .path("responses");
                String real = path.replaceAll("\\{(film|mask|job)\\}", Ids.random()).replaceAll("\\{[a-z]+\\}", "1");
                HttpResponse<byte[]> r = s.send(method, real, "application/json",
                        method.equals("GET") ? null : "{}".getBytes());
                assertTrue(responses.has(Integer.toString(r.statusCode())), route + " -> " + r.statusCode());
                if (r.statusCode() >= 400) {
                    JsonNode error = Json.parse(r.body());
                    assertFalse(error.get("error").asText().isBlank(), route);
                    assertTrue(error.get("error").asText().lines().count() <= 2, route);
                }
            }
        }
    }

    @Test
    void answersHaveTheFieldsOfTheDocument() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            JsonNode film = s.upload(TestServer.png(TestServer.picture(40, 32)), "?name=a.png");
            require("Film", film);
            require("About", s.json("/api/v1/about"));
            require("Mask", s.post(201, "/api/v1/films/" + film.get("id").asText() + "/masks",
                    "{\"source\":\"box:1,1,9,9\"}"));
            JsonNode job = s.done(s.start(TestServer.edit(film.get("id").asText())));
            require("Job", job);
            require("Result", job.get("results").get(0));
            require("Cells", s.post(200, "/api/v1/films/" + film.get("id").asText() + "/cells",
                    "{\"edit_mask\":\"box:8,8,16,16\"}"));
            HttpResponse<byte[]> r = s.send("POST", "/api/v1/reproduce", "image/png", s.get("/api/v1/jobs/"
                    + job.get("id").asText() + "/results/1/result.png"));
            require("Reproduction", Json.parse(r.body()));
        }
    }

    /** An object has all required fields, and no others than those of its schema. */
    private static void require(String component, JsonNode object) {
        JsonNode schema = DOCUMENT.json().at("/components/schemas/" + component);
        List<String> missing = new ArrayList<>();
        schema.get("required").forEach(r -> {
            if (!object.has(r.asText())) {
                missing.add(r.asText());
            }
        });
        assertEquals(List.of(), missing, component);
        for (Map.Entry<String, JsonNode> p : object.properties()) {
            assertTrue(schema.get("properties").has(p.getKey()), component + "." + p.getKey());
        }
        // types and nested objects are held against the schema by the checker of requests
        new Schema(DOCUMENT.json(), schema).check(object);
    }

    @Test
    void formsHaveTheOptionsOfTheDocument() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            JsonNode options = s.json("/api/v1/about").get("options");
            for (Map.Entry<String, String> e : Map.of("edit", "EditRequest", "generation", "GenerationRequest",
                    "score", "ScoreRequest").entrySet()) {
                JsonNode properties = DOCUMENT.json().at("/components/schemas/" + e.getValue() + "/properties");
                assertEquals(properties.size(), options.get(e.getKey()).size());
                for (JsonNode o : options.get(e.getKey())) {
                    assertEquals(properties.get(o.get("name").asText()).path("default"), o.path("default"));
                    assertFalse(o.get("help").asText().isEmpty(), o::toString);
                    assertTrue(List.of("Film", "Masks", "Prompts", "Sampling", "Seeds", "Output")
                            .contains(o.get("group").asText()), o::toString);
                }
            }
        }
    }

    @Test
    void wrongFieldsAreNamed() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            String film = s.film(TestServer.png(TestServer.picture(40, 32)));
            ObjectNode e = TestServer.edit(film);
            wrong(s, e.deepCopy().put("steps", 0), "steps", "from 1 to 1000");
            wrong(s, e.deepCopy().put("steps", 1.5), "steps", "whole number");
            wrong(s, e.deepCopy().put("steps", "4"), "steps", "whole number");
            wrong(s, e.deepCopy().put("stepz", 4), "stepz", "the fields are");
            wrong(s, e.deepCopy().put("mode", "other"), "mode", "paper, released");
            wrong(s, e.deepCopy().put("skip_ratio", 1), "skip_ratio", "0.999");
            wrong(s, e.deepCopy().put("film", Ids.random()), "film", "no such film");
            wrong(s, e.deepCopy().put("film", "../../etc/passwd"), "film", "form");
            wrong(s, e.deepCopy().put("edit_mask", "/etc/passwd"), "edit_mask", "neither the id");
            wrong(s, e.deepCopy().put("edit_mask", "rle:/etc/passwd#id=x"), "edit_mask", "neither the id");
            wrong(s, e.deepCopy().put("edit_mask", "landmarks:/etc/passwd#id=x"), "edit_mask", "neither the id");
            wrong(s, e.deepCopy().put("edit_mask", Ids.random()), "edit_mask", "no such mask");
            wrong(s, e.deepCopy().put("edit_mask", "none"), "edit_mask", "no pixels");
            wrong(s, e.deepCopy().put("edit_mask", "box:900,900,4,4"), "edit_mask", "no pixel of a film");
            wrong(s, e.deepCopy().put("free_band", 3), "free_band", "keep_mask");
            wrong(s, e.deepCopy().put("window", "x"), "window", "neither");
            ObjectNode none = e.deepCopy();
            none.remove("prompts");
            wrong(s, none, "prompts", "missing");
            none.putArray("prompts");
            wrong(s, none, "prompts", "1 to 16");
            none.putArray("prompts").addObject().put("text", "x").put("weight", 1e9);
            wrong(s, none, "prompts[0].weight", "from -100 to 100");
            wrong(s, e.deepCopy().put("deep_cache", 101), "deep_cache", "from 1 to 100");
            wrong(s, e.deepCopy().put("guidance_interval", "0.2"), "guidance_interval", "two numbers");
            wrong(s, e.deepCopy().put("guidance_interval", "0.8,0.2"), "guidance_interval", "");
            wrong(s, e.deepCopy().put("guidance_interval", "1.9,2"), "guidance_interval", "two numbers");
            wrong(s, e.deepCopy().put("sampler", "euler"), "sampler", "the fields are");
            wrong(s, e.deepCopy().put("tries", 3), "tries", "need a min_score");
            wrong(s, e.deepCopy().put("size", 20), "size", "multiple of");
            wrong(s, e.deepCopy().put("bits", 16).put("native", true), "bits", "native");
            ObjectNode g = Json.object();
            g.putArray("prompts").add("x");
            wrongGeneration(s, g.deepCopy().put("unguided_after", 0), "unguided_after", "from 0.001 to 1");
            wrongGeneration(s, g.deepCopy().put("unguided_after", 0.5).put("deep_cache", 2), "unguided_after", "");
            wrongGeneration(s, g.deepCopy().put("sampler", "heun"), "sampler", "ddim, dpm++2m");
            wrongGeneration(s, g.deepCopy().put("sampler", "plms").put("sigmas", "karras"), "sigmas",
                    "sigmas karras needs sampler dpm++2m, dpm++2m_sde, unipc or euler");
            wrongGeneration(s, g.deepCopy().put("sampler", "lcm").put("spacing", "trailing"), "spacing", "no effect");
            wrongGeneration(s, g.deepCopy().put("sampler", "lcm").put("steps", 51), "steps", "from 1 to 50");
            wrongGeneration(s, g.deepCopy().put("sampler", "pndm").put("steps", 1), "steps", "at least");
            wrongGeneration(s, g.deepCopy().put("size", 20), "size", "multiple of");
            assertEquals(List.of(), s.log);
            assertEquals(0, s.json("/api/v1/jobs").size());
        }
    }

    /** The same whether it is to be done or its command line is asked for. */
    private static void wrongGeneration(TestServer s, ObjectNode request, String field, String words) {
        JsonNode error = s.post(422, "/api/v1/generations", request.toString());
        assertEquals(field, error.path("field").asText(), error::toString);
        assertTrue(error.get("error").asText().contains(words), error::toString);
        assertEquals(error, s.post(422, "/api/v1/commands", Json.object().set("generation", request).toString()));
    }

    private static void wrong(TestServer s, ObjectNode edit, String field, String words) {
        JsonNode error = s.post(422, "/api/v1/edits", edit.toString());
        assertEquals(field, error.path("field").asText(), error::toString);
        assertTrue(error.get("error").asText().contains(words), error::toString);
    }
}
