package radedit.serve;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import radedit.about.Version;
import radedit.checkpoint.ModelFolder;
import radedit.imaging.FilmReader;
import radedit.imaging.Films;
import radedit.pipeline.Metadata;

/** What this server is, and the exchange of its token for a cookie. */
final class AboutApi {
    private final Services s;
    private final ModelFolder model;
    private final String backend;
    private final @Nullable Token token;

    AboutApi(Services s, ModelFolder model, String backend, @Nullable Token token) {
        this.s = s;
        this.model = model;
        this.backend = backend;
        this.token = token;
    }

    void register(Router router) {
        router.on("GET", "/api/v1/about", c -> c.json(200, about()))
                .on("GET", "/api/v1/openapi.json", c -> c.json(200, s.document().json()))
                .on("POST", "/api/v1/session", this::login);
    }

    private ObjectNode about() {
        ObjectNode o = Json.object().put("version", Version.get()).put("notice", Metadata.NOTICE);
        ObjectNode m = o.putObject("model").put("name", s.model()).put("demo", model.notice().isPresent())
                .put("notice", model.notice().orElse(null)).put("size", s.device().size())
                .put("cell", s.device().cell());
        m.put("scores", s.device().scores());
        o.put("backend", backend);
        List<String> formats = Films.readers().stream().map(FilmReader::format).distinct().sorted().toList();
        o.set("formats", Json.of(formats));
        ServerOptions.Limits l = s.limits();
        o.putObject("limits").put("upload_bytes", l.uploadBytes()).put("film_pixels", l.filmPixels())
                .put("queue", l.queue()).put("films", l.films()).put("jobs", l.jobs());
        ObjectNode options = o.putObject("options");
        options.set("edit", s.document().options("EditRequest"));
        options.set("generation", s.document().options("GenerationRequest"));
        options.set("score", s.document().options("ScoreRequest"));
        return o;
    }

    private void login(Call call) throws IOException {
        JsonNode body = call.json(1 << 12);
        if (!body.path("token").isTextual() || body.size() != 1) {
            throw new HttpError(400, "token", "expected {\"token\": \"...\"}");
        }
        if (token != null) {
            if (!token.is(body.get("token").asText())) {
                throw new HttpError(401, "the token is wrong; the server showed it when it was started");
            }
            call.with("Set-Cookie", Token.header(token.cookie()));
        }
        call.nothing(204);
    }
}
