package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.checkpoint.ModelFolder.Part;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.diffusion.TimestepSpacing;
import radedit.imaging.Films;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.FitMode;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;

/** The interface of AUTOMATIC1111's web UI, and that it does what the library does. */
class SdApiTest {
    @TempDir
    private Path folder;

    private static byte[] image(JsonNode answer, int index) throws IOException {
        return TestServer.read(Base64.getDecoder().decode(answer.get("images").get(index).asText())).samples();
    }

    @Test
    void picturesAreTheLibrarys() throws IOException {
        byte[] png = TestServer.png(TestServer.picture(40, 30));
        Path file = folder.resolve("film.png");
        Files.write(file, png);
        try (TestServer s = new TestServer(folder.resolve("server"));
                RadEdit library = RadEdit.open(TestServer.model().without(Part.IMAGE_ENCODER), TestServer.RUN)) {
            ObjectNode t = Json.object().put("prompt", "Cardiomegaly").put("steps", 3).put("seed", 4)
                    .put("batch_size", 2)
                    .put("cfg_scale", 5).put("sampler_name", "Euler a").put("restore_faces", true)
                    .put("enable_hr", false).put("hr_scale", 2).put("subseed", -1).put("subseed_strength", 0)
                    .put("s_noise", 1).put("seed_resize_from_h", -1);
            JsonNode two = s.post(200, "/sdapi/v1/txt2img", t.toString());
            Result expected = library.generate(new GenerateRequest("Cardiomegaly").steps(3).seed(4).count(2)
                    .seedPerImage(true).guidance(5).sampler(SamplerMethod.EULER_A));
            assertEquals(2, two.get("images").size());
            for (int k = 0; k < 2; k++) {
                assertArrayEquals(expected.grey(k).samples(), image(two, k));
            }
            JsonNode info = Json.parse(two.get("info").asText().getBytes());
            assertEquals("[4,5]", info.get("all_seeds").toString());
            assertEquals("[\"restore_faces\"]", info.get("radedit_ignored").toString());
            assertEquals("Euler a", info.get("sampler_name").asText());
            assertTrue(info.at("/infotexts/0").asText().contains("Sampler: Euler a, Schedule type: Automatic, CFG"),
                    info::toString);

            Mask mask = Mask.filled(40, 30, true).difference(Mask.filled(40, 30, true).erode(9));
            ObjectNode i = Json.object().put("prompt", "No effusion").put("steps", 4).put("seed", 1).put("mask",
                    Base64.getEncoder().encodeToString(Pngs.of(mask))).put("denoising_strength", 0.5)
                    .put("inpainting_mask_invert", 1);
            i.putArray("init_images").add("data:image/png;base64," + Base64.getEncoder().encodeToString(png));
            Result edited = library.edit(new EditRequest(Films.read(file), mask.inverse()).prompt("No effusion", 7)
                    .steps(4).seed(1).skipRatio(0.5).fit(FitMode.STRETCH));
            assertArrayEquals(edited.grey(0).samples(), image(s.post(200, "/sdapi/v1/img2img", i.toString()), 0));
            i.remove("mask");
            i.put("inpainting_mask_invert", 0).put("include_init_images", false);
            Result all = library
                    .edit(new EditRequest(Films.read(file), Mask.filled(40, 30, true)).prompt("No effusion", 7)
                            .steps(4).seed(1).skipRatio(0.5).fit(FitMode.STRETCH));
            assertArrayEquals(all.grey(0).samples(), image(s.post(200, "/sdapi/v1/img2img", i.toString()), 0));
        }
    }

    private static SamplerChoice choice(SamplerMethod m, SigmaSpacing sigmas, TimestepSpacing.Rule spacing) {
        return new SamplerChoice(m, sigmas, spacing);
    }

    /** The fields of a request for what is chosen. */
    private static ObjectNode words(SamplerChoice c) {
        ObjectNode o = Json.object();
        if (c.method() != null) {
            o.put("sampler", c.method().toString());
        }
        if (c.sigmas() != null) {
            o.put("sigmas", c.sigmas().toString());
        }
        if (c.spacing() != null) {
            o.put("spacing", c.spacing().toString());
        }
        return o;
    }

    /** Names of the web UI, some as its older versions had them, and what they mean there. */
    @Test
    void samplersAreThoseOfTheirNames() throws IOException {
        Map<ObjectNode, SamplerChoice> all = new LinkedHashMap<>();
        all.put(Json.object(), SamplerChoice.OF_MODEL);
        all.put(Json.object().putNull("sampler_name").putNull("scheduler"), SamplerChoice.OF_MODEL);
        all.put(Json.object().put("sampler_index", "euler"), SamplerChoice.of(SamplerMethod.EULER));
        all.put(Json.object().put("sampler_name", "DPM++ 2M"), choice(SamplerMethod.DPM_2M, SigmaSpacing.KARRAS, null));
        all.put(Json.object().put("sampler_name", "DPM++ 2M Karras"),
                choice(SamplerMethod.DPM_2M, SigmaSpacing.KARRAS, null));
        all.put(Json.object().put("sampler_name", "dpm++2m").put("scheduler", "Uniform"),
                choice(SamplerMethod.DPM_2M, SigmaSpacing.DISCRETE, null));
        all.put(Json.object().put("sampler_name", "DPM++ 2M SDE Exponential"),
                choice(SamplerMethod.DPM_2M_SDE, SigmaSpacing.EXPONENTIAL, null));
        all.put(Json.object().put("sampler_name", "UniPC").put("scheduler", "karras"),
                choice(SamplerMethod.UNIPC, SigmaSpacing.KARRAS, null));
        all.put(Json.object().put("sampler_name", "k_euler").put("scheduler", "SGM Uniform"),
                choice(SamplerMethod.EULER, SigmaSpacing.DISCRETE, TimestepSpacing.Rule.TRAILING));
        all.put(Json.object().put("sampler_name", "PLMS").put("scheduler", "Automatic"),
                SamplerChoice.of(SamplerMethod.PLMS));
        all.put(Json.object().put("sampler_name", "DDIM").put("scheduler", "Karras"),
                SamplerChoice.of(SamplerMethod.DDIM));
        all.put(Json.object().put("sampler_name", "LCM"), SamplerChoice.of(SamplerMethod.LCM));
        try (TestServer s = new TestServer(folder.resolve("server"));
                RadEdit library = RadEdit.open(TestServer.model().without(Part.IMAGE_ENCODER), TestServer.RUN)) {
            for (Map.Entry<ObjectNode, SamplerChoice> e : all.entrySet()) {
                ObjectNode request = Json.object();
                SdSamplers.of(e.getKey()).set(request);
                assertEquals(words(e.getValue()), request, e.getKey()::toString);
            }
            for (int k : new int[]{3, 10}) { // DPM++ 2M, which is Karras, and DDIM, which has no scheduler
                Map.Entry<ObjectNode, SamplerChoice> e = List.copyOf(all.entrySet()).get(k);
                Result expected = library.generate(new GenerateRequest("x").steps(5).seed(4).seedPerImage(true)
                        .guidance(7).sampler(e.getValue()));
                JsonNode answer = s.post(200, "/sdapi/v1/txt2img",
                        e.getKey().put("prompt", "x").put("steps", 5).put("seed", 4).toString());
                assertArrayEquals(expected.grey(0).samples(), image(answer, 0), e.getKey()::toString);
                JsonNode info = Json.parse(answer.get("info").asText().getBytes());
                assertEquals(k == 10 ? "[\"scheduler\"]" : "[]", info.get("radedit_ignored").toString());
            }
            for (JsonNode o : s.json("/sdapi/v1/samplers")) {
                for (JsonNode name : ((ArrayNode) o.get("aliases")).add(o.get("name").asText())) {
                    ObjectNode g = Json.object();
                    SdSamplers.of(Json.object().set("sampler_name", name)).set(g);
                    assertEquals(o.get("name").asText(), SdSamplers.label(g.get("sampler").asText()));
                }
            }
            assertEquals(SamplerMethod.values().length, s.json("/sdapi/v1/samplers").size());
            assertEquals("Automatic", s.json("/sdapi/v1/schedulers").at("/0/label").asText());
        }
    }

    @Test
    void samplersThatCannotBeUsedAreSaid() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            JsonNode e = s.post(422, "/sdapi/v1/txt2img", "{\"prompt\":\"x\",\"sampler_name\":\"Heun\"}");
            assertEquals("sampler_name", e.get("field").asText());
            assertEquals(
                    "there is no sampler 'Heun'; the samplers are DDIM, DPM++ 2M, DPM++ 2M SDE, UniPC, Euler, Euler a,"
                            + " PLMS, LCM, PNDM",
                    e.get("error").asText());
            e = s.post(422, "/sdapi/v1/txt2img", "{\"prompt\":\"x\",\"scheduler\":\"Beta\"}");
            assertTrue(
                    e.get("error").asText().startsWith("there is no scheduler 'Beta'; the schedulers are Automatic,"),
                    e::toString);
            e = s.post(422, "/sdapi/v1/txt2img",
                    "{\"prompt\":\"x\",\"sampler_name\":\"Euler a\",\"scheduler\":\"Karras\"}");
            assertEquals("sigmas karras needs sampler dpm++2m, dpm++2m_sde, unipc or euler", e.get("error").asText());
            String film = Base64.getEncoder().encodeToString(TestServer.png(TestServer.picture(40, 30)));
            ObjectNode i = Json.object().put("prompt", "x").put("steps", 3).put("sampler_name", "Heun");
            i.putArray("init_images").add(film);
            s.post(422, "/sdapi/v1/img2img", i.toString());
            JsonNode info = Json
                    .parse(s.post(200, "/sdapi/v1/img2img", i.put("sampler_name", "Euler a").put("scheduler",
                            "automatic").toString()).get("info").asText().getBytes());
            assertEquals("[\"sampler_name\"]", info.get("radedit_ignored").toString());
            assertEquals("[\"img2img inverts and denoises with DDIM, whatever sampler is asked for\"]",
                    info.get("radedit_warnings").toString());
            assertEquals("DDIM", info.get("sampler_name").asText());
        }
    }

    @Test
    void whatCannotBeDoneIsRefused() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            s.post(422, "/sdapi/v1/txt2img", "{\"prompt\":\"x\",\"width\":64,\"height\":128}");
            s.post(422, "/sdapi/v1/txt2img", "{\"prompt\":\"x\",\"batch_size\":16,\"n_iter\":2}");
            s.post(422, "/sdapi/v1/txt2img", "{\"prompt\":\"x\",\"steps\":0}");
            s.post(422, "/sdapi/v1/img2img", "{\"prompt\":\"x\"}");
            s.post(422, "/sdapi/v1/img2img", "{\"prompt\":\"x\",\"init_images\":[\"%%%\"]}");
            s.post(400, "/sdapi/v1/options", "{\"sd_model_checkpoint\":\"other\"}");
            JsonNode options = s.json("/sdapi/v1/options");
            s.post(200, "/sdapi/v1/options",
                    Json.object().set("sd_model_checkpoint", options.get("sd_model_checkpoint"))
                            .toString());
            assertEquals(options.get("sd_model_checkpoint"), s.json("/sdapi/v1/sd-models").at("/0/title"));
            assertEquals("DDIM", s.json("/sdapi/v1/samplers").at("/0/name").asText());
            assertEquals(0, s.json("/sdapi/v1/progress").get("progress").asInt());
            s.post(200, "/sdapi/v1/interrupt", "");
        }
    }

    @Test
    void aRequestCanBeInterrupted() throws Exception {
        try (TestServer s = new TestServer(folder)) {
            Thread[] t = {Thread.ofVirtual().start(() -> s.post(200, "/sdapi/v1/txt2img",
                    "{\"prompt\":\"x\",\"steps\":1000,\"batch_size\":8}"))};
            JsonNode p = s.json("/sdapi/v1/progress");
            while (p.get("progress").asDouble() == 0) {
                Thread.sleep(20);
                p = s.json("/sdapi/v1/progress");
            }
            assertTrue(p.at("/state/sampling_steps").asInt() > 0);
            while (p.path("current_image").isNull()) {
                Thread.sleep(20);
                p = s.json("/sdapi/v1/progress?skip_current_image=false");
            }
            Picture preview = TestServer.read(Base64.getDecoder().decode(p.get("current_image").asText()));
            assertTrue(preview.width() > 1 && preview.width() == preview.height());
            assertTrue(s.json("/sdapi/v1/progress?skip_current_image=true").get("current_image").isNull());
            Thread second = Thread.ofVirtual().start(() -> s.post(200, "/sdapi/v1/txt2img",
                    "{\"prompt\":\"y\",\"steps\":2}"));
            while (s.json("/api/v1/jobs").size() < 2) {
                Thread.sleep(20);
            }
            assertTrue(s.json("/sdapi/v1/progress").get("progress").asDouble() > 0, "of the one that runs");
            s.post(200, "/sdapi/v1/interrupt", "");
            t[0].join();
            second.join();
            assertEquals("done", s.json("/api/v1/jobs").at("/0/state").asText());
            assertEquals("cancelled", s.json("/api/v1/jobs").at("/1/state").asText());
            assertTrue(s.json("/sdapi/v1/progress").get("current_image").isNull());
        }
    }
}
