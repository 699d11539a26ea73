package radedit.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

/** Jobs and their results over HTTP. */
final class JobApi {
    private static final String JOB = "/api/v1/jobs/{job}";
    private static final String RESULT = JOB + "/results/{result}";
    private static final Map<String, String> TYPES = Map.of("png", Call.PNG, "dcm", "application/dicom", "gz",
            "application/gzip", "json", Call.JSON);

    private final Services s;
    private final Submissions submissions;
    private final Schema commands;

    JobApi(Services s, Submissions submissions) {
        this.s = s;
        this.submissions = submissions;
        this.commands = s.document().body("/api/v1/commands", "post");
    }

    void register(Router router) {
        router.on("POST", "/api/v1/edits", c -> accepted(c, submissions.edit(c, c.json(Services.DOCUMENT))))
                .on("POST", "/api/v1/generations",
                        c -> accepted(c, submissions.generation(c, c.json(Services.DOCUMENT))))
                .on("POST", "/api/v1/scores", c -> accepted(c, submissions.score(c, c.json(Services.DOCUMENT))))
                .on("POST", "/api/v1/commands", this::command).on("GET", "/api/v1/jobs", this::list)
                .on("GET", JOB, c -> c.json(200, job(c).json())).on("DELETE", JOB, this::delete)
                .on("POST", JOB + "/cancel", this::cancel)
                .on("GET", JOB + "/events", this::events)
                .on("GET", RESULT + "/pixels", this::pixels).on("POST", RESULT + "/film", this::film)
                .on("GET", RESULT + "/{file}", this::file);
    }

    private Job job(Call call) {
        return s.jobs().get(call.path("job"));
    }

    private static void accepted(Call call, Job job) throws IOException {
        call.with("Location", "/api/v1/jobs/" + job.id()).json(202, job.json());
    }

    private void command(Call call) throws IOException {
        JsonNode body = call.json(Services.DOCUMENT);
        if (!body.isObject() || body.size() != 1) {
            throw new HttpError(422, "the request must have exactly one field: edit, generation or score");
        }
        String kind = body.fieldNames().next();
        if (!List.of("edit", "generation", "score").contains(kind)) {
            commands.check(body);
        }
        call.json(200, Json.object().put("command", submissions.command(kind, body.get(kind))));
    }

    private void list(Call call) throws IOException {
        ArrayNode all = Json.object().arrayNode();
        s.jobs().all().forEach(j -> all.add(j.json()));
        call.json(200, all);
    }

    private void events(Call call) throws IOException {
        Job job = job(call);
        job.events().stream(call, job::json);
    }

    private void delete(Call call) throws IOException {
        s.jobs().delete(call.path("job"));
        call.nothing(204);
    }

    private void cancel(Call call) throws IOException {
        Job job = job(call);
        s.queue().cancel(job);
        call.json(202, job.json());
    }

    private JsonNode result(Job job, int number) {
        return job.results().stream().filter(r -> r.get("index").asInt() == number).findFirst()
                .orElseThrow(() -> HttpError.gone("result"));
    }

    /** A file that the job names; nothing else in its folder is served. */
    private void file(Call call) throws IOException {
        Job job = job(call);
        int number = call.number("result", "result");
        String name = call.path("file");
        for (JsonNode f : result(job, number).get("files")) {
            if (f.asText().equals(name)) {
                if (call.query("download") != null) {
                    call.with("Content-Disposition", "attachment; filename=\"radedit-" + job.id().substring(0, 8) + "-"
                            + number + "-" + name + "\"");
                }
                call.file(TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream"),
                        job.resultFolder(number).resolve(name));
                return;
            }
        }
        throw HttpError.gone("file of this result");
    }

    private void pixels(Call call) throws IOException {
        Job job = job(call);
        int number = call.number("result", "result");
        Path file = job.resultFolder(number).resolve(ResultFiles.SAMPLES);
        if (result(job, number).path("pixels").isNull() || !Files.exists(file)) {
            throw HttpError.gone("picture among the results");
        }
        call.file("application/octet-stream", file);
    }

    private void film(Call call) throws IOException {
        Job job = job(call);
        int number = call.number("result", "result");
        JsonNode result = result(job, number);
        Path folder = job.resultFolder(number);
        String format = job.internal().path("format").asText();
        List<String> wanted = format.equals("DICOM")
                ? List.of("result.dcm", "result.png", "result.nii.gz")
                : List.of("NIfTI", "MetaImage", "NRRD").contains(format)
                        ? List.of("result.nii.gz", "result.png", "result.dcm")
                        : List.of("result.png", "result.nii.gz", "result.dcm");
        String name = wanted.stream().filter(n -> has(result, n)).findFirst()
                .orElseThrow(() -> new HttpError(422, "this result has no picture"));
        StoredFilm film = s.films().add(name(job, number, name), 1,
                file -> DataFolder.link(folder.resolve(name), file));
        call.json(201, film.json());
    }

    private static boolean has(JsonNode result, String file) {
        for (JsonNode f : result.get("files")) {
            if (f.asText().equals(file)) {
                return true;
            }
        }
        return false;
    }

    /** A name to show for a result that becomes a film. */
    private static String name(Job job, int number, String file) {
        String film = job.internal().path("name").asText("generated").replaceFirst("\\.[A-Za-z0-9.]{1,8}$", "");
        return film + "-" + number + file.substring("result".length());
    }
}
