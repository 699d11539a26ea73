package radedit.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.imaging.Mask;

/** The part of AUTOMATIC1111's interface that its clients need to generate pictures and to edit inside a mask. */
final class SdApi {
    private static final String TXT2IMG = "/sdapi/v1/txt2img";
    private static final String IMG2IMG = "/sdapi/v1/img2img";
    /** Fields that are followed, or that change no picture here. */
    private static final Set<String> FOLLOWED = Set.of("prompt", "negative_prompt", "seed", "steps", "cfg_scale",
            "width",
            "height", "batch_size", "n_iter", "eta", "send_images", "save_images", "init_images", "mask",
            "denoising_strength", "inpainting_mask_invert", "include_init_images", "resize_mode", "sampler_index",
            "sampler_name", "scheduler", "do_not_save_samples", "do_not_save_grid",
            "override_settings_restore_afterwards");
    /** Fields that have an effect there only if another is set, by how they begin. */
    private static final Map<String, String> DEPENDENT = Map.of("hr_", "enable_hr", "subseed", "subseed_strength",
            "seed_resize_from", "seed_resize_from_w");
    /** How pictures are fitted, by resize_mode: just resize, crop and resize, resize and fill. */
    private static final List<String> RESIZE = List.of("stretch", "resize-crop", "pad");

    private final Services s;
    private final Submissions submissions;
    private final MaskMaker masks;
    private final Schema txt2img;
    private final Schema img2img;
    /** Jobs whose clients wait, in the order of arrival. */
    private final List<Job> active = new CopyOnWriteArrayList<>();
    private volatile @Nullable Job last;

    SdApi(Services s, Submissions submissions) {
        this.s = s;
        this.submissions = submissions;
        this.masks = new MaskMaker(s.films().inspector());
        this.txt2img = s.document().body(TXT2IMG, "post");
        this.img2img = s.document().body(IMG2IMG, "post");
    }

    void register(Router router) {
        router.on("POST", TXT2IMG, this::txt2img).on("POST", IMG2IMG, this::img2img)
                .on("GET", "/sdapi/v1/progress", this::progress).on("POST", "/sdapi/v1/interrupt", this::interrupt)
                .on("GET", "/sdapi/v1/sd-models", c -> c.json(200, models()))
                .on("GET", "/sdapi/v1/samplers", c -> c.json(200, SdSamplers.samplers()))
                .on("GET", "/sdapi/v1/schedulers", c -> c.json(200, SdSamplers.schedulers()))
                .on("GET", "/sdapi/v1/options", c -> c.json(200, options()))
                .on("POST", "/sdapi/v1/options", this::setOptions);
    }

    private void txt2img(Call call) throws IOException {
        ObjectNode r = txt2img.check(call.json(s.limits().uploadBytes()));
        ObjectNode g = Json.object();
        g.putArray("prompts").add(r.get("prompt"));
        g.set("negative_prompt", r.get("negative_prompt"));
        g.put("count", count(r)).put("seed", seed(r)).put("seed_per_image", true).put("guidance",
                r.get("cfg_scale").asDouble()).put("steps", r.get("steps").asInt()).put("size", size(r));
        SdSamplers.of(r).set(g);
        answer(call, r, g, submissions.generation(call, g));
    }

    private void img2img(Call call) throws IOException {
        ObjectNode r = img2img.check(call.json(s.limits().uploadBytes()));
        SdSamplers.of(r);
        if (!r.path("init_images").isArray()) {
            throw new HttpError(422, "init_images", "init_images is missing");
        }
        byte[] picture = picture("init_images", r.get("init_images").get(0).asText());
        StoredFilm film = s.films().add("init", 1, file -> Files.write(file, picture));
        ObjectNode e = Json.object().put("film", film.id()).put("edit_mask", mask(r, film)).put("count", count(r))
                .put("seed", seed(r)).put("steps", r.get("steps").asInt()).put("size", size(r))
                .put("skip_ratio", Math.clamp(1 - r.get("denoising_strength").asDouble(), 0, 0.999));
        e.putArray("prompts").addObject().put("text", r.get("prompt").asText()).put("weight",
                r.get("cfg_scale").asDouble());
        e.put("fit", RESIZE.get(Math.clamp(r.path("resize_mode").asInt(0), 0, RESIZE.size() - 1)));
        if (r.path("eta").isNumber() && r.get("eta").asDouble() > 0) {
            e.set("eta", r.get("eta"));
        }
        answer(call, r, e, submissions.edit(call, e));
    }

    private static byte[] picture(String field, String text) {
        String base64 = text.startsWith("data:") ? text.substring(text.indexOf(',') + 1) : text;
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new HttpError(422, field, field + " is not a picture in base64");
        }
    }

    /** The id of the mask; all of the picture without one. */
    private String mask(ObjectNode r, StoredFilm film) throws IOException {
        if (!r.hasNonNull("mask")) {
            return "all";
        }
        byte[] png = picture("mask", r.get("mask").asText());
        List<String> notes = new ArrayList<>();
        Mask mask = masks.upload(s.films().root(), file -> Files.write(file, png), false, Map.of(), film, notes::add);
        JsonNode invert = r.get("inpainting_mask_invert");
        boolean inverted = invert.isBoolean() ? invert.asBoolean() : invert.asInt() != 0;
        return s.masks().add(film, inverted ? mask.inverse() : mask, "a mask of img2img", notes).id();
    }

    private static int count(JsonNode r) {
        int n = r.get("batch_size").asInt() * r.get("n_iter").asInt();
        if (n > 16) {
            throw new HttpError(422, "n_iter", "batch_size times n_iter must be at most 16, not " + n);
        }
        return n;
    }

    /** The seed; a random one for -1, as there. */
    private static long seed(JsonNode r) {
        long seed = r.get("seed").asLong();
        return seed == -1 ? ThreadLocalRandom.current().nextLong(1L << 32) : seed;
    }

    /** The side of the square; what the model was trained at if nothing is said. */
    private static int size(JsonNode r) {
        if (r.has("width") != r.has("height") || r.path("width").asInt() != r.path("height").asInt()) {
            throw new HttpError(422, "width", "width and height must be the same: the model makes square pictures");
        }
        return r.path("width").asInt(0);
    }

    /** Waits for the job and answers with its pictures. */
    private void answer(Call call, ObjectNode r, ObjectNode request, Job job) throws IOException {
        last = job;
        active.add(job);
        try {
            job.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpError(503, "the server is about to end");
        } finally {
            active.remove(job);
        }
        ObjectNode about = job.json();
        if (job.state() != Job.State.DONE && job.state() != Job.State.CANCELLED) {
            throw new HttpError(job.state() == Job.State.INTERRUPTED ? 503 : 422,
                    about.path("error").asText("the work failed"));
        }
        ArrayNode images = Json.object().arrayNode();
        ArrayNode seeds = Json.object().arrayNode();
        for (JsonNode result : job.results()) {
            byte[] png = Files.readAllBytes(job.resultFolder(result.get("index").asInt()).resolve("result.png"));
            images.add(Base64.getEncoder().encodeToString(png));
            seeds.add(result.get("seed"));
        }
        ObjectNode o = Json.object();
        o.set("images", r.get("send_images").asBoolean() ? images : Json.object().arrayNode());
        ObjectNode parameters = r.deepCopy();
        parameters.remove(List.of("init_images", "mask"));
        o.set("parameters", parameters);
        o.put("info", Json.text(info(r, request, job, seeds)));
        call.json(200, o);
    }

    private ObjectNode info(ObjectNode r, ObjectNode request, Job job, ArrayNode seeds) throws IOException {
        ObjectNode i = Json.object().put("prompt", r.get("prompt").asText()).put("negative_prompt",
                r.get("negative_prompt").asText()).put("seed", request.get("seed").asLong());
        i.set("all_seeds", seeds);
        List<String> prompts = new ArrayList<>();
        seeds.forEach(k -> prompts.add(r.get("prompt").asText()));
        i.set("all_prompts", Json.of(prompts));
        String sampler = sampler(job);
        SdSamplers.Choice choice = SdSamplers.of(r);
        boolean edit = job.kind() == Job.Kind.EDIT;
        i.put("steps", r.get("steps").asInt()).put("cfg_scale", r.get("cfg_scale").asDouble())
                .put("sampler_name", sampler).put("batch_size", r.get("batch_size").asInt())
                .put("sd_model_name", s.model());
        String schedule = edit || choice.ignoresScheduler() ? "" : ", Schedule type: " + choice.schedule();
        List<String> texts = new ArrayList<>();
        job.results().forEach(x -> texts.add(r.get("prompt").asText() + "\nSteps: " + r.get("steps").asInt()
                + ", Sampler: " + sampler + schedule + ", CFG scale: " + r.get("cfg_scale").asText() + ", Seed: "
                + x.get("seed").asText() + ", Size: " + x.get("width") + "x" + x.get("height") + ", Model: "
                + s.model()));
        i.set("infotexts", Json.of(texts));
        i.put("radedit_job", job.id()).put("radedit_notice", radedit.pipeline.Metadata.NOTICE);
        i.set("radedit_ignored", Json.of(ignored(r, choice, edit)));
        ArrayNode warnings = i.putArray("radedit_warnings");
        job.json().get("warnings").forEach(warnings::add);
        if (edit && choice.isOther()) {
            warnings.add("img2img inverts and denoises with DDIM, whatever sampler is asked for");
        }
        return i;
    }

    /** The name of the sampler that made a job's pictures. */
    private static String sampler(Job job) throws IOException {
        if (job.kind() == Job.Kind.EDIT) {
            return SdSamplers.label("ddim");
        }
        return job.results().isEmpty()
                ? ""
                : SdSamplers.label(Json.read(job.resultFolder(job.results().getFirst().get("index").asInt())
                        .resolve("metadata.json")).path("sampler").asText());
    }

    /** Fields that would change the picture there and do not here. */
    private static Set<String> ignored(ObjectNode r, SdSamplers.Choice choice, boolean edit) {
        Set<String> all = new TreeSet<>();
        r.properties().forEach(p -> {
            JsonNode v = p.getValue();
            boolean usual = p.getKey().equals("s_noise") && v.asDouble() == 1;
            boolean idle = DEPENDENT.entrySet().stream().anyMatch(d -> p.getKey().startsWith(d.getKey())
                    && !r.path(d.getValue()).asBoolean(r.path(d.getValue()).asDouble() > 0));
            boolean says = !usual && !idle && !v.isNull() && !(v.isBoolean() && !v.asBoolean())
                    && !(v.isContainerNode() && v.isEmpty())
                    && !(v.isTextual() && v.asText().isEmpty()) && !(v.isNumber() && v.asDouble() == 0);
            if (says && !FOLLOWED.contains(p.getKey())) {
                all.add(p.getKey());
            }
        });
        if (edit && choice.isOther()) {
            all.add("sampler_name");
        }
        if (edit && choice.isScheduled() || choice.ignoresScheduler()) {
            all.add("scheduler");
        }
        if (edit && !r.get("negative_prompt").asText().isEmpty()) {
            all.add("negative_prompt");
        }
        return all;
    }

    /** The job of this interface that runs, else the next, else the last; null if there was none. */
    private @Nullable Job current() {
        Job next = null;
        for (Job job : active) {
            if (job.state() == Job.State.RUNNING) {
                return job;
            }
            next = next == null ? job : next;
        }
        return next == null ? last : next;
    }

    private void progress(Call call) throws IOException {
        Job job = current();
        Job.State state = job == null ? Job.State.DONE : job.state();
        boolean running = state == Job.State.RUNNING;
        JsonNode p = running && job != null ? job.json().path("progress") : Json.object();
        int done = p.path("done").asInt(0);
        int total = Math.max(1, p.path("total").asInt(1));
        ObjectNode o = Json.object().put("progress", running ? (double) done / total : 0).put("eta_relative",
                p.path("seconds_left").asDouble(0));
        o.putObject("state").put("skipped", false)
                .put("interrupted", state == Job.State.CANCELLED)
                .put("job", running ? p.path("phase").asText() : "").put("job_count", running ? 1 : 0)
                .put("job_timestamp", job == null ? "0" : job.created()).put("job_no", 0).put("sampling_step", done)
                .put("sampling_steps", p.path("total").asInt(0));
        byte[] preview = running && job != null && !"true".equals(call.query("skip_current_image"))
                ? job.preview()
                : null;
        o.put("current_image", preview == null ? null : Base64.getEncoder().encodeToString(preview))
                .putNull("textinfo");
        call.json(200, o);
    }

    private void interrupt(Call call) throws IOException {
        Job job = current();
        if (job != null) {
            s.queue().cancel(job);
        }
        call.json(200, Json.object());
    }

    private ArrayNode models() {
        ArrayNode all = Json.object().arrayNode();
        all.addObject().put("title", s.model()).put("model_name", s.model()).putNull("hash").putNull("sha256")
                .put("filename", s.model()).putNull("config");
        return all;
    }

    private ObjectNode options() {
        return Json.object().put("sd_model_checkpoint", s.model()).put("samples_format", "png")
                .put("CLIP_stop_at_last_layers", 1);
    }

    private void setOptions(Call call) throws IOException {
        JsonNode given = call.json(Services.DOCUMENT);
        if (!given.isObject()) {
            throw new HttpError(400, "a JSON object is expected");
        }
        ObjectNode known = options();
        given.properties().forEach(p -> {
            if (!p.getValue().equals(known.path(p.getKey()))) {
                throw new HttpError(400, p.getKey(), "this server cannot set " + Words.quoted(p.getKey()));
            }
        });
        call.json(200, Json.object());
    }
}
