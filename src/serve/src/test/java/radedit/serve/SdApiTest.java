package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.checkpoint.ModelFolder.Part;
import radedit.imaging.Films;
import radedit.imaging.Mask;
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
                    .put("cfg_scale", 5).put("sampler_name", "Euler a").put("restore_faces", true);
            JsonNode two = s.post(200, "/sdapi/v1/txt2img", t.toString());
            Result expected = library.generate(new GenerateRequest("Cardiomegaly").steps(3).seed(4).count(2)
                    .seedPerImage(true).guidance(5));
            assertEquals(2, two.get("images").size());
            for (int k = 0; k < 2; k++) {
                assertArrayEquals(expected.grey(k).samples(), image(two, k));
            }
            JsonNode info = Json.parse(two.get("info").asText().getBytes());
            assertEquals("[4,5]", info.get("all_seeds").toString());
            assertEquals("[\"restore_faces\",\"sampler_name\"]", info.get("radedit_ignored").toString());

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
            s.post(200, "/sdapi/v1/interrupt", "");
            t[0].join();
            assertEquals("cancelled", s.json("/api/v1/jobs").at("/0/state").asText());
        }
    }
}
