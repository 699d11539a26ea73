package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import radedit.diffusion.SamplerMethod;
import radedit.serve.Server;

/** What the server's page says to type does what the page did. */
class ServedCommandLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> COMMANDS = Map.of("edit", "EditRequest", "generation",
            "GenerationRequest");
    /** Fields that are no options: what a film and its number are, what is the page's alone, or an option's opposite. */
    private static final Set<String> FIELDS = Set.of("film", "prompts", "previews", "patient");
    private static final Path DOCS = Path.of("docs/serve.md");

    private static JsonNode schema(String component) throws IOException {
        try (InputStream in = Server.class.getResourceAsStream("openapi.json")) {
            return JSON.readTree(in).at("/components/schemas/" + component + "/properties");
        }
    }

    /** A request with all its defaults. */
    private static ObjectNode usual(String kind) throws IOException {
        ObjectNode o = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> p : schema(COMMANDS.get(kind)).properties()) {
            if (p.getValue().has("default")) {
                o.set(p.getKey(), p.getValue().get("default"));
            }
        }
        if (kind.equals("edit")) {
            o.put("film", "chest film.png").putArray("edit_mask").add("box:1,2,3,4");
            o.putArray("prompts").addObject().put("text", "No pneumothorax").put("weight", 7.5);
        } else {
            o.putArray("prompts").add("Cardiomegaly");
        }
        return o;
    }

    private static CommandLine.ParseResult parse(List<String> words) {
        CommandLine line = Main.commandLine(new PrintWriter(System.out), new PrintWriter(System.err));
        assertEquals("radedit", words.getFirst());
        return line.parseArgs(words.subList(1, words.size()).toArray(String[]::new)).subcommand();
    }

    private static List<String> words(String kind, JsonNode r) {
        return new ServedCommandLines(List.of("--model", "demo")).words(kind, r);
    }

    @Test
    void defaultsAreThoseOfTheOptions() throws IOException {
        assertEquals(List.of("radedit", "edit", "--image", "chest film.png", "--edit-mask", "box:1,2,3,4", "--prompt",
                "No pneumothorax", "--model", "demo", "-o", "edited.png"), words("edit", usual("edit")));
        assertEquals(List.of("radedit", "generate", "Cardiomegaly", "--model", "demo", "-o", "film.png"),
                words("generation", usual("generation")));
        for (String kind : COMMANDS.keySet()) {
            CommandLine.ParseResult parsed = parse(words(kind, usual(kind)));
            for (Map.Entry<String, JsonNode> p : schema(COMMANDS.get(kind)).properties()) {
                OptionSpec option = parsed.commandSpec().findOption("--" + p.getKey().replace('_', '-'));
                JsonNode value = p.getValue().get("default");
                if (option == null || value == null || option.defaultValue() == null) {
                    continue;
                }
                assertEquals(value.isNumber() ? Double.toString(value.asDouble()) : value.asText(),
                        value.isNumber()
                                ? Double.toString(Double.parseDouble(option.defaultValue()))
                                : option.defaultValue(),
                        kind + " " + p.getKey());
            }
        }
    }

    /** The options that requests lack, as the documentation lists them: first words of the table's rows. */
    private static Set<String> documented() throws IOException {
        Set<String> all = new TreeSet<>();
        for (String row : Files.readString(DOCS).split("\\| option \\| in a request \\|\n\\|---\\|---\\|\n", 2)[1]
                .lines()
                .takeWhile(l -> l.startsWith("|")).toList()) {
            for (Matcher m = Pattern.compile("`--([a-z-]+)`").matcher(row.split("\\|")[1]); m.find();) {
                assertTrue(all.add(m.group(1)), m.group() + " is listed twice");
            }
        }
        return all;
    }

    /** An option is a field of requests or documented as one that requests lack, never both; and every field is an option. */
    @Test
    void requestsHaveTheOptionsOfTheProgram() throws IOException {
        Set<String> lacking = documented();
        Set<String> used = new TreeSet<>();
        for (Map.Entry<String, String> e : Map.of("edit", "EditRequest", "generate", "GenerationRequest").entrySet()) {
            CommandSpec spec = Main.commandLine(new PrintWriter(System.out), new PrintWriter(System.err))
                    .getSubcommands().get(e.getKey()).getCommandSpec();
            Set<String> fields = new TreeSet<>();
            schema(e.getValue()).fieldNames().forEachRemaining(f -> fields.add(f.replace('_', '-')));
            Set<String> options = new TreeSet<>();
            for (OptionSpec o : spec.options()) {
                String name = o.longestName().substring(2);
                options.add(name);
                boolean field = fields.contains(name) && !FIELDS.contains(name);
                assertTrue(field != lacking.contains(name), e.getKey() + " --" + name
                        + ": must be either a field of the request or in the list of docs/serve.md");
                if (lacking.contains(name)) {
                    used.add(name);
                } else if (o.type().isEnum()) {
                    List<String> choices = new ArrayList<>();
                    schema(e.getValue()).get(name.replace('-', '_')).get("enum").forEach(c -> choices.add(c.asText()));
                    assertEquals(Arrays.stream(o.type().getEnumConstants()).map(Choice::word).toList(), choices, name);
                }
            }
            for (String f : fields) {
                assertTrue(options.contains(f) || FIELDS.contains(f) || f.equals("count"), e.getKey() + " " + f);
            }
        }
        assertEquals(used, lacking, "options that there are");
    }

    @Test
    void stepsOfSamplersAreSaidAsTheyAre() throws IOException {
        String help = schema("GenerationRequest").at("/steps/description").asText();
        for (SamplerMethod m : SamplerMethod.values()) {
            assertTrue(Pattern.compile("\\b" + m.defaultSteps() + "[^,]*[ ]" + Pattern.quote(m.toString()) + "(,| |$)")
                    .matcher(help).find(), m + ": " + help);
        }
    }

    /** Every field of a request arrives as the option of its name. */
    @Test
    void everyFieldArrives() throws IOException {
        for (String kind : COMMANDS.keySet()) {
            ObjectNode r = usual(kind);
            ObjectNode all = r.deepCopy();
            for (Map.Entry<String, JsonNode> p : schema(COMMANDS.get(kind)).properties()) {
                JsonNode s = p.getValue();
                switch (s.path("type").asText()) {
                    case "integer" -> all.put(p.getKey(), s.path("default").asInt() + 8);
                    case "number" -> all.put(p.getKey(), 0.25);
                    case "boolean" -> all.put(p.getKey(), true);
                    case "string" -> {
                        if (s.has("enum")) { // the last is never the default
                            all.set(p.getKey(), s.get("enum").get(s.get("enum").size() - 1));
                        } else if (p.getKey().equals("guidance_interval")) {
                            all.put(p.getKey(), "0.25,0.75");
                        } else if (!p.getKey().equals("film")) {
                            all.put(p.getKey(), "- a 'text' of $x");
                        }
                    }
                    default -> {
                    }
                }
            }
            if (kind.equals("edit")) {
                all.put("window", "2,3").putArray("keep_mask").add("keep mask.png");
            }
            CommandLine.ParseResult parsed = parse(words(kind, all));
            for (Map.Entry<String, JsonNode> p : all.properties()) {
                String name = switch (p.getKey()) {
                    case "film" -> "--image";
                    default -> "--" + p.getKey().replace('_', '-');
                };
                if (List.of("previews", "prompts", "patient").contains(p.getKey())
                        || kind.equals("edit") && p.getKey().equals("count")) {
                    continue; // of the page alone, or tested below
                }
                assertTrue(parsed.hasMatchedOption(name), kind + " " + name);
                Object value = parsed.matchedOptionValue(name, null);
                String text = value instanceof List<?> list ? Choice.word(list.getFirst()) : Choice.word(value);
                String wanted = p.getValue().isArray() ? p.getValue().get(0).asText() : p.getValue().asText();
                assertEquals(wanted.replaceAll("[ ,.0]", ""), text.replaceAll("[ ,.0\\[\\]]|centre=|width=", ""), name);
            }
        }
    }

    @Test
    void promptsKeepTheirOrderWeightsAndHyphens() throws IOException {
        ObjectNode r = usual("generation");
        r.putArray("prompts").add("-x").add("b");
        assertEquals(List.of("radedit", "generate", "--model", "demo", "-o", "film-{n}.png", "--", "-x", "b"),
                words("generation", r));
        assertEquals(List.of("-x", "b"), parse(words("generation", r)).matchedPositionals().getFirst().getValue());
        ObjectNode e = usual("edit");
        ((ObjectNode) e.get("prompts").get(0)).put("text", "-x").put("weight", 3);
        ((com.fasterxml.jackson.databind.node.ArrayNode) e.get("prompts")).addObject().put("text", "b").put("weight",
                7.5);
        assertEquals(List.of("-x", "b"), parse(words("edit", e)).matchedOptionValue("--prompt", null));
        assertEquals(List.of(3.0, 7.5), parse(words("edit", e)).matchedOptionValue("--weight", null));
    }

    @Test
    void severalSeedsAreSeveralCommands() throws IOException {
        ObjectNode e = usual("edit").put("count", 2).put("seed", 5).put("dicom", true).put("film", "it's.dcm");
        String text = new ServedCommandLines(List.of()).of("edit", e);
        assertEquals("radedit edit --image \"it's.dcm\" --edit-mask box:1,2,3,4 --prompt \"No pneumothorax\" --seed 5"
                + " --deidentify -o 'edited-{seed}.dcm'",
                text.lines().findFirst().orElseThrow().replace("\"edited-{seed}.dcm\"",
                        "'edited-{seed}.dcm'"));
        assertEquals(2, text.lines().count());
        assertTrue(text.contains("--seed 6"), text);
        assertTrue(new ServedCommandLines(List.of()).of("edit", e.put("patient", "keep")).contains("--keep-patient"));
    }

    @Test
    void scoresTooAndTheServersOwnOptions() throws IOException {
        JsonNode s = JSON.readTree(
                "{\"film\":\"a.png\",\"texts\":[\"x\",\"-y\"],\"original\":\"b.png\",\"original_text\":\"z\"}");
        assertEquals("radedit score --image a.png --text x --text=-y --original b.png --original-text z --model demo",
                new ServedCommandLines(List.of("--model", "demo")).of("score", s));
    }

    @Test
    void wrongOptionsOfTheServer() {
        for (Map.Entry<List<String>, String> e : Map.of(List.of("--port", "70000"), "--port must be from 0 to 65535",
                List.of("--queue", "0"), "--queue must be from 1", List.of("--host", "no.such.name.invalid"),
                "--host no.such.name.invalid").entrySet()) {
            java.io.StringWriter err = new java.io.StringWriter();
            String[] args = new String[3];
            args[0] = "serve";
            args[1] = e.getKey().get(0);
            args[2] = e.getKey().get(1);
            assertEquals(Exit.USAGE, Main.run(args, new PrintWriter(new java.io.StringWriter()), new PrintWriter(err)));
            assertTrue(err.toString().contains(e.getValue()), err.toString());
        }
    }
}
