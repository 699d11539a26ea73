package radedit.undertest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessingTest {
    @TempDir
    Path temp;

    private Path write(String text) throws IOException {
        Path file = temp.resolve("p.json");
        Files.writeString(file, text.replace('\'', '"'));
        return file;
    }

    private Preprocessing read(String text) throws IOException {
        return Preprocessing.of(write(text).toString());
    }

    private static final String INPUT = "'input': {'size': 224, 'range': [0, 1]}";

    @Test
    void presetsAreComplete() throws IOException {
        for (String name : Preprocessing.presets()) {
            InputSpec input = Preprocessing.inputOf(name);
            if (name.equals("rad-dino")) {
                assertEquals(List.of(0.5307, 0.5307, 0.5307), input.mean());
                continue;
            }
            Preprocessing p = Preprocessing.of(name);
            // What describes it is a preprocessing file with the same meaning.
            Path copy = temp.resolve("copy.json");
            Files.writeString(copy, JsonFiles.text(p.toMap()));
            Preprocessing again = Preprocessing.of(copy.toString());
            assertEquals(p.input(), again.input(), name);
            assertEquals(p.output(), again.output(), name);
        }
        assertEquals(18, Preprocessing.of("torchxrayvision").output().names().size());
        assertEquals("Effusion", Preprocessing.of("torchxrayvision").output().names().get(7));
        assertEquals(14, Preprocessing.of("torchxrayvision-seg").output().names().size());
    }

    @Test
    void featuresNeedNoOutput() {
        ModelException e = assertThrows(ModelException.class, () -> Preprocessing.of("rad-dino"));
        assertTrue(e.getMessage().startsWith("preset rad-dino: output is missing"), e.getMessage());
    }

    @Test
    void aFileChangesAPreset() throws IOException {
        Preprocessing p = read("{'preset': 'imagenet', 'input': {'resize': 'stretch', 'size': '320x300'},"
                + " 'output': {'classes': ['a', '', 'c'], 'thresholds': 0.3, 'activation': 'softmax'}}");
        assertEquals(InputSpec.Resize.STRETCH, p.input().resize());
        assertEquals(0, p.input().shorterSide());
        assertEquals(new Size(320, 300), p.input().size());
        assertEquals(3, p.input().channels());
        assertEquals(List.of(new OutputSpec.Channel("a", 0), new OutputSpec.Channel("c", 2)), p.output().channels());
        assertEquals(3, p.output().columns());
        assertEquals(0.3, p.output().threshold("c"));
        assertEquals("p.json", p.name());
        Preprocessing grey = read("{'preset': 'imagenet', 'input': {'channels': 1}, 'output': {'classes': ['a']}}");
        assertEquals(List.of(), grey.input().mean());
        Preprocessing none = read("{'preset': 'imagenet', 'input': {'mean': null, 'std': null}}");
        assertEquals(List.of(), none.input().std());
        Preprocessing seg = read("{'preset': 'imagenet', 'task': 'segmentation', 'output': {'values': 'labels',"
                + " 'structures': {'left lung': 2, 'heart': 1}}}");
        assertEquals(ModelUnderTest.Kind.SEGMENTATION, seg.output().kind());
        assertEquals(List.of("left lung", "heart"), seg.output().names());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[1] | is not a JSON object",
            "{'input': | is not valid JSON",
            "{} | input is missing",
            "{'inputs': {}} | inputs is not a key here; known are description, input, output, preset, task",
            "{'preset': 'xrv'} | preset is \"xrv\", one of torchxrayvision,",
            "{'preset': 7} | preset is 7",
            "{'input': 3} | input is 3, an object",
            "{INPUT} | output is missing",
            "{INPUT, 'output': {'values': 'logits', 'activation': 'sigmoid'}} | task is missing",
            "{INPUT, 'task': 'classify', 'output': {}} | task is \"classify\", one of \"classification\"",
            "{INPUT, 'output': {'classes': ['a']}} | output.values is missing",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'logits'}} | output.activation is missing",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'logit'}} | output.values is \"logit\", one of",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'labels'}} | output.values \"labels\" is for segmentation",
            "{INPUT, 'output': {'classes': ['a'], 'structures': ['b'], 'task': 1}} | task is missing",
            "{INPUT, 'task': 'classification', 'output': {'structures': ['a'], 'values': 'logits'}} | output.structures does not belong",
            "{INPUT, 'output': {'structures': ['a'], 'values': 'labels', 'activation': 'softmax'}} | output.activation does not belong",
            "{INPUT, 'task': 'segmentation', 'output': {'values': 'labels'}} | output.structures is missing",
            "{INPUT, 'output': {'classes': [], 'values': 'probabilities'}} | output.classes is []",
            "{INPUT, 'output': {'classes': [''], 'values': 'probabilities'}} | output.classes cannot be used: there is no name",
            "{INPUT, 'output': {'classes': ['a', 'a'], 'values': 'probabilities'}} | output.classes cannot be used: the name 'a' is there twice",
            "{INPUT, 'output': {'classes': ['a', ' b'], 'values': 'probabilities'}} | output.classes has \" b\"",
            "{INPUT, 'output': {'classes': {'a': 1, 'b': 1}, 'values': 'probabilities'}} | output.classes has number 1 for both",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'logits', 'activation': 'softmax'}} | output.activation \"softmax\" of one",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'probabilities', 'thresholds': {'b': 0.2}}} | threshold for 'b'",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'probabilities', 'thresholds': {'a': 1}}} | output.thresholds has 1.0",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'probabilities', 'thresholds': 2}} | output.thresholds has 2",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'probabilities', 'layout': 'NCHW'}} | output.layout is for",
            "{INPUT, 'output': {'classes': ['a'], 'values': 'probabilities', 'unit': 1}} | output.unit is not a key here",
            "{'input': {'size': 0, 'range': [0, 1]}} | input.size has 0",
            "{'input': {'size': 'big', 'range': [0, 1]}} | input.size is \"big\", a number or \"WIDTHxHEIGHT\"",
            "{'input': {'size': 5000, 'range': [0, 1]}} | input.size has 5000",
            "{'input': {'size': 2.5, 'range': [0, 1]}} | input.size has 2.5",
            "{'input': {'size': 224}} | input.range has to be",
            "{'input': {'size': 224, 'range': [1, 0]}} | input.range has to be",
            "{'input': {'size': 224, 'range': [0, 'a']}} | input.range has \"a\"",
            "{'input': {'size': 224, 'range': [0, 1], 'shorter_side': 256}} | input.shorter_side is for",
            "{'input': {'size': 224, 'range': [0, 1], 'resize': 'shorter-side', 'shorter_side': 200}} | input.shorter_side is 200, less than",
            "{'input': {'size': 224, 'range': [0, 1], 'margin': 1}} | input.margin is for",
            "{'input': {'size': 224, 'range': [0, 1], 'channels': 2}} | input.channels is 2",
            "{'input': {'size': 224, 'range': [0, 1], 'channels': 3, 'mean': [1, 0]}} | input.mean has 2 numbers for 3",
            "{'input': {'size': 224, 'range': [0, 1], 'mean': 123.7}} | input.mean has 123.7, which is outside",
            "{'input': {'size': 224, 'range': [0, 1], 'std': 0}} | input.std has 0.0",
            "{'input': {'size': 224, 'range': [0, 1], 'type': 'uint8'}} | input.type \"uint8\" needs",
            "{'input': {'size': 224, 'range': [0, 1], 'type': 'int8'}} | input.type is \"int8\", one of \"float32\"",
            "{'input': {'size': 224, 'range': [0, 1], 'invert': 'no'}} | input.invert is \"no\", true or false",
            "{'input': {'size': 224, 'range': [0, 1], 'layout': 'nchw'}} | input.layout is \"nchw\", one of \"NCHW\"",
            "{'input': {'size': 224, 'range': [0, 1], 'name': ''}} | input.name has \"\"",
            "{'input': {'size': 224, 'range': [0, 1]}, 'input': {}} | is not valid JSON: Duplicate",
    })
    void refusesAndSaysWhy(String text, String message) throws IOException {
        Path file = write(text.replace("INPUT", INPUT));
        ModelException e = assertThrows(ModelException.class, () -> {
            Preprocessing.of(file.toString());
        });
        assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().contains(message), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
        assertEquals(ModelException.Reason.FILE, e.reason());
    }

    @Test
    void whatIsNeitherAFileNorAPreset() {
        ModelException e = assertThrows(ModelException.class, () -> Preprocessing.of("imagnet"));
        assertTrue(e.getMessage().contains("'imagnet' is neither a file nor one of torchxrayvision,"), e.getMessage());
        ModelException f = assertThrows(ModelException.class,
                () -> Preprocessing.of(temp.resolve("none.json").toString()));
        assertTrue(f.getMessage().endsWith("none.json: is not a file, or missing"), f.getMessage());
        assertThrows(ModelException.class, () -> Preprocessing.of("a\0b.json"));
        ModelException folder = assertThrows(ModelException.class, () -> Preprocessing.of(temp.toString()));
        assertTrue(folder.getMessage().contains("is not a file"), folder.getMessage());
    }

    @Test
    void largeAndDeepFilesAreRefused() throws IOException {
        Path file = write("{'a': " + " ".repeat(1 << 20) + "1}");
        assertTrue(assertThrows(ModelException.class, () -> Preprocessing.of(file.toString())).getMessage()
                .contains("1 MiB"));
        write("[".repeat(100_000));
        assertTrue(assertThrows(ModelException.class, () -> Preprocessing.of(file.toString())).getMessage()
                .contains("is not valid JSON"));
    }
}
