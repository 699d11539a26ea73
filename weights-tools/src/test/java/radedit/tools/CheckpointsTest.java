package radedit.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.weights.WeightsException;

/** Training checkpoints with everything that scripts store in them; make.py in their folder describes each. */
class CheckpointsTest {
    @TempDir
    Path temp;

    private static Path resource(String name) {
        return TestData.resource("/reports/08_checkpoints/" + name);
    }

    private Convert.Report convert(String name, String key) throws IOException {
        return Convert.run(resource(name), temp.resolve("out.safetensors"), new Convert.Options(null, 0, true, key),
                (d, t) -> {});
    }

    @ParameterizedTest
    @CsvSource({"counter.ckpt,", "bytes.ckpt,", "device.ckpt,", "lightning_ns.ckpt,", "tuplekey.ckpt,", "nested2.pt,",
            "nested2.pt,model.net", "rezipped.pt,", "rezipped.pt,.", "lightning_ns.ckpt,state_dict",
            "made_everything.zip2.ckpt,",
            "made_everything.zip3.ckpt,", "made_everything.zip4.ckpt,", "made_everything.zip5.ckpt,",
            "made_everything.stream2.ckpt,", "made_everything.stream4.ckpt,", "made_dotted.pt,runs.a.b.c",
            "made_several.pt,model",
            "made_rng.pt,", "made_tuple.pt,", "made_tuple.pt,0", "made_list.pt,", "made_list.pt,1", "made_subclass.pt,",
            "made_attributes.pt,ema.shadow", "made_marked.pt,", "made_module.pt,net", "made_metabeside.pt,state_dict",
            "made_metabeside.pt,", "made_folders.pt,", "made_flat.pt,"})
    void givesTheTensors(String name, String key) throws IOException {
        convert(name, key);
        Map<String, Tensor> expected = Fixtures.tensors(resource("expected.safetensors"));
        Map<String, Tensor> ours = Fixtures.tensors(temp.resolve("out.safetensors"));
        assertEquals(expected.keySet(), ours.keySet());
        expected.forEach((tensor, t) -> {
            assertEquals(t.shape(), ours.get(tensor).shape(), tensor);
            assertArrayEquals(t.data(), ours.get(tensor).data(), tensor);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"meta.pt||tensor 'm' is a meta tensor: it has a shape but no values",
            "made_metabeside.pt|draft|tensor 'm' is a meta tensor",
            "made_dotted.pt||several state dicts; say which with key (there is 'runs.a.b.c', 'runs.a.b.d')",
            "made_several.pt||several state dicts; say which with key (there is 'model', 'ema.net')",
            "made_several.pt|ema|no state dict under the key 'ema' (there is 'model', 'ema.net')",
            "made_several.pt|epoch|no state dict under the key 'epoch'",
            "made_several.pt|ema.|no state dict under the key 'ema.'",
            "made_several.pt|..|no state dict under the key '..'", "made_attributes.pt||asks for types.SimpleNamespace",
            "made_attributes.pt||key accepts them as they are (there is 'ema.shadow')",
            "made_module.pt||asks for torch.nn.modules.module.Module", "made_module.pt||(there is 'net')",
            "made_bzip2.pt||entry archive/data.pkl is compressed in an unsupported way (method 12)",
            "expected.safetensors|model|is safetensors, which holds one set of tensors; leave out key",
            "made_inner.zip||it holds model.pt: unpack it first"})
    void saysWhatStandsInTheWay(String name, String key, String says) {
        WeightsException e = assertThrows(WeightsException.class, () -> convert(name, key));
        assertTrue(e.getMessage().startsWith(resource(name) + ": ") && e.getMessage().contains(says), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
        assertFalse(Files.exists(temp.resolve("out.safetensors")));
    }

    @Test
    void saysWhatIsLeftOut() throws IOException {
        assertEquals(List.of("epoch (a number)", "hyper_parameters (an object: argparse.Namespace)"),
                convert("lightning_ns.ckpt", null).leftOut());
        assertTrue(convert("made_dotted.pt", "runs.a.b.c").leftOut().contains("runs.a.b.d (a dictionary)"));
        assertTrue(convert("made_marked.pt", null).leftOut()
                .contains("what makes a.weight a __main__.Marked (its plain values are used)"));
        assertTrue(convert("made_module.pt", "net").leftOut().contains("a.scratch (a tensor)"));
    }
}
