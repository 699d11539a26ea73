package radedit.stress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.checkpoint.ModelFolder;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.pipeline.EditRequest;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.RunOptions;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/** Runs with a tiny model: what is lost, done twice or mixed when processes end anywhere, and what is shared. */
class StressRunTest {
    private static final ModelFolder MODEL = ModelFolder.of(Fixtures.model(Size.TINY));
    private static final StressRun.Options USUAL = new StressRun.Options(Shard.WHOLE, false);

    @TempDir
    private Path folder;
    private Plan plan;
    private final Films films = new Films();
    private final List<String> warnings = new ArrayList<>();
    private final Listener listener = new Listener() {
        @Override
        public void warning(String message) {
            warnings.add(message);
        }
    };

    /** Requests of films that are files of 32 x 32 pixels. */
    private static final class Films implements CaseEditor {
        private final Map<String, Integer> asked = new ConcurrentHashMap<>();
        /** Ends the process, as it were, at the n-th request. */
        private int killAt = -1;
        private int steps = 4;

        @Override
        public Set<String> columns() {
            return Set.of("image", "prompt", "seed", "weight", "edit_mask", "keep_mask", "original_text");
        }

        @Override
        public List<Problem> check(StressCase c, Path start) {
            return List.of();
        }

        @Override
        public List<Path> files(StressCase c, Path start) {
            return List.of(start.resolve(c.values().first("image", "")));
        }

        @Override
        public EditRequest request(StressCase c, Path start, Listener l) throws IOException {
            if (killAt >= 0 && asked.values().stream().mapToInt(n -> n).sum() >= killAt) {
                throw new ProcessEnd();
            }
            asked.merge(c.id(), 1, Integer::sum);
            if (c.values().first("prompt", "").equals("fail")) {
                throw new InvalidInputException("as asked");
            }
            return new EditRequest(Images.read(files(c, start).getFirst()), Mask.filled(32, 32, true))
                    .prompt(c.values().first("prompt", ""), Double.parseDouble(c.values().first("weight", "7.5")))
                    .steps(steps).seed(Long.parseLong(c.values().first("seed", "0")));
        }

        @Override
        public String reason(Exception e) {
            return e instanceof NoSuchFileException ? "no film" : e.getMessage();
        }
    }

    /** Stands for the end of a process. */
    private static final class ProcessEnd extends Error {
        private static final long serialVersionUID = 1;
    }

    @BeforeEach
    void films() throws IOException {
        for (int k = 0; k < 3; k++) {
            byte[] samples = new byte[32 * 32];
            new Random(k).nextBytes(samples);
            try (var out = Files.newOutputStream(folder.resolve("f" + k + ".png"))) {
                Images.writePng(out, new Picture(32, 32, 1, samples), Map.of());
            }
        }
        plan = plan("""
                case_id,image,prompt,original_text,ward
                A,f0.png,Cardiomegaly,None,x
                B,f1.png,Effusion,None,
                C,f0.png,Effusion,None,"y, z"
                D,f2.png,Edema,None,
                """);
    }

    private Plan plan(String text) throws IOException {
        Manifest m = Manifest.read(Files.writeString(folder.resolve("m.csv"), text));
        return Plan.of(m, new Values(Map.of("edit_mask", List.of("all"))), Controls.of("null,reverse,dose=0.5", ""),
                films, warnings::add);
    }

    private static RadEdit model() {
        return RadEdit.open(MODEL, new RunOptions("cpu", 1, 0));
    }

    private Summary run(String name, StressRun.Options options) throws IOException {
        try (RadEdit model = model();
                StressRun run = StressRun.open(folder.resolve(name), plan, films, model, options, listener)) {
            return run.run(model);
        }
    }

    /** The content of a run's folder by name, without what tells the time. */
    private Map<String, String> content(String name) throws IOException {
        Path root = folder.resolve(name);
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path f : files.filter(Files::isRegularFile).toList()) {
                String file = root.relativize(f).toString();
                String text = new String(Files.readAllBytes(f), java.nio.charset.StandardCharsets.ISO_8859_1);
                if (file.equals("results.csv")) {
                    text = text.replaceAll(",\\d+\\.\\d{1,3},", ",seconds,");
                }
                if (file.equals("journal.jsonl")) {
                    text = text.lines().map(l -> l.replaceFirst("\"evaluations\".*", "")).sorted().toList().toString();
                }
                all.put(file, text);
            }
        }
        return all;
    }

    private static void assertSame(Map<String, String> expected, Map<String, String> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, content) -> assertEquals(content, actual.get(name), name));
    }

    @Test
    void aPictureIsThatOfItsRowAlone() throws IOException {
        Summary s = run("run", USUAL);
        assertEquals(16, s.cases());
        assertEquals(16, s.done());
        for (String id : List.of("A", "C", "D.dose-0.5")) {
            StressCase c = plan.byId().get(id);
            try (RadEdit alone = model()) {
                Picture p = alone.edit(films.request(c, folder, Listener.NONE)).grey(0);
                assertArrayEquals(p.samples(),
                        Images.read(folder.resolve("run/images/" + id + ".png")).samples(), id);
            }
        }
        // Two steps after the skip of 4 * 0.3: one of the inversion (of the last there is none), 6 of two branches.
        // Of the film of A and C, six cases share an inversion, of the others three; reversed ones have their own.
        assertEquals(16 * 6 + 7 * 2, s.computed());
        assertEquals(5 * 2 + 2 * 2 + 2 * 2, s.shared());
        String table = Files.readString(folder.resolve("run/results.csv"));
        assertTrue(table.startsWith("case_id,patient_id,role,base,"), table);
        assertTrue(table.lines().findFirst().orElseThrow().endsWith("seconds,ward"), table);
        assertEquals(17, table.lines().count());
        assertTrue(table.contains("\"y, z\""));
    }

    @Test
    void aRunKilledAtAnyCaseEndsAsIfItHadNotBeen() throws IOException {
        run("whole", USUAL);
        Map<String, String> expected = content("whole");
        films.asked.clear();
        for (int kill = 0; kill <= 16; kill += 3) {
            films.killAt = kill;
            assertThrows(ProcessEnd.class, () -> run("killed", USUAL));
            Path image = folder.resolve("killed/images/.A.png.1234.part");
            Files.writeString(image, "half");
            Files.writeString(folder.resolve("killed/journal.jsonl"), "{\"case_id\":\"D", StandardOpenOption.APPEND);
            Files.writeString(folder.resolve("killed/images/D.reverse.png"), "a picture without a line in the journal");
        }
        films.killAt = -1;
        Summary s = run("killed", USUAL);
        assertEquals(16, s.done());
        assertSame(expected, content("killed"));
        assertTrue(films.asked.values().stream().allMatch(n -> n == 1), films.asked::toString);
        assertTrue(warnings.stream().anyMatch(w -> w.contains("unfinished")), warnings::toString);
    }

    @Test
    void aFurtherEditOfAFilmCostsTwoThirdsOfTheFirst() throws IOException {
        films.steps = 20; // a tenth of the default, at which these are 139, 280 and 280 evaluations
        plan = Plan.of(Manifest.ofCsv("m.csv", """
                case_id,image,prompt,weight,seed
                A,f0.png,Cardiomegaly,7.5,0
                B,f0.png,Effusion,15,0
                C,f0.png,Effusion,7.5,1
                """, folder), new Values(Map.of("edit_mask", List.of("all"))), Controls.NONE, films, warnings::add);
        Summary s = run("defaults", USUAL);
        assertEquals(13 + 28 + 28 + 13 + 28, s.computed(), "B has the inversion of A; C, of another seed, its own");
        assertEquals(13, s.shared());
    }

    private static StressRun.Options together(int n) {
        return new StressRun.Options(Shard.WHOLE, false, n);
    }

    @Test
    void casesMadeTogetherAreThoseMadeOneByOne() throws IOException {
        Summary alone = run("whole", USUAL);
        Summary all = run("together", together(3));
        assertEquals(alone, all, "evaluations too");
        assertSame(content("whole"), content("together"));
        assertEquals(evaluations("whole"), evaluations("together"));
        films.asked.clear();
        films.killAt = 3;
        assertThrows(ProcessEnd.class, () -> run("killed", together(64)));
        films.killAt = 9;
        assertThrows(ProcessEnd.class, () -> run("killed", together(4)));
        films.killAt = -1;
        assertEquals(16, run("killed", together(1)).done());
        assertSame(content("whole"), content("killed"));
    }

    private List<String> evaluations(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name).resolve("journal.jsonl")).stream()
                .map(l -> l.replaceFirst("\\A\\{\"case_id\":(\"[^\"]*\").*(\"evaluations\".*),\"seconds\".*", "$1 $2"))
                .sorted().toList();
    }

    @Test
    void aCaseThatFailsStopsNoOtherOfItsTime() throws IOException {
        plan = plan("""
                case_id,image,prompt,original_text,ward
                A,f0.png,fail,None,x
                B,gone.png,X,None,x
                C,f1.png,X,None,x
                D,f2.png,X,None,x
                """);
        assertEquals(8, run("alone", USUAL).failed());
        Summary s = run("run", together(3));
        assertEquals(8, s.done());
        assertEquals(8, s.failed());
        assertSame(content("alone"), content("run"));
        Files.copy(folder.resolve("f2.png"), folder.resolve("gone.png"));
        films.asked.clear();
        Summary again = run("run", new StressRun.Options(Shard.WHOLE, true, 3));
        assertEquals(12, again.done());
        assertEquals(4, again.failed());
        assertTrue(films.asked.values().stream().allMatch(k -> k == 1), films.asked::toString);
    }

    @Test
    void threeWorkersShareTheCases() throws IOException {
        run("whole", USUAL);
        Map<String, String> expected = content("whole");
        films.asked.clear();
        AtomicInteger together = new AtomicInteger(1);
        List<CompletableFuture<Summary>> workers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            workers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return run("shared", together(together.getAndIncrement()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        workers.forEach(CompletableFuture::join);
        assertSame(expected, content("shared"));
        assertTrue(films.asked.values().stream().allMatch(n -> n == 1), films.asked::toString);
    }

    @Test
    void partsOfOtherMachinesAreJoined() throws IOException {
        run("whole", USUAL);
        for (int i = 1; i <= 3; i++) {
            Summary s = run("part" + i, new StressRun.Options(new Shard(i, 3), false));
            assertEquals(i == 1 ? 8 : 4, s.done());
        }
        List<Path> parts = List.of(folder.resolve("part1"), folder.resolve("part2"), folder.resolve("part3"));
        Summary some = StressMerge.merge(parts.subList(0, 2), folder.resolve("joined"), warnings::add);
        assertEquals(4, some.pending());
        Summary all = StressMerge.merge(parts, folder.resolve("joined"), warnings::add);
        assertEquals(16, all.done());
        assertSame(content("whole"), content("joined"));
        assertThrows(RunException.class, () -> StressMerge.merge(List.of(folder), folder.resolve("j2"), w -> {}));
    }

    @Test
    void otherCasesInputsAndFoldersAreRefused() throws IOException {
        run("run", USUAL);
        Plan before = plan;
        plan = plan("case_id,image,prompt,original_text,ward\nA,f0.png,Cardiomegaly,None,x\nB,f1.png,Oedema,None,\n");
        assertTrue(assertThrows(RunException.class, () -> run("run", USUAL)).getMessage().contains("case B (row 2)"));
        plan = before;
        byte[] film = Files.readAllBytes(folder.resolve("f1.png"));
        Files.copy(folder.resolve("f2.png"), folder.resolve("f1.png"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertTrue(assertThrows(RunException.class, () -> run("run", USUAL)).getMessage().contains("f1.png"));
        Files.write(folder.resolve("f1.png"), film);
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/thesis.txt"), "mine");
        assertThrows(RunException.class, () -> run("other", USUAL));
        assertThrows(RunException.class, () -> run("m.csv", USUAL));

        warnings.clear();
        films.asked.clear();
        Files.writeString(folder.resolve("run/images/B.png"), "damaged");
        Files.delete(folder.resolve("run/images/D.null.png"));
        run("run", USUAL);
        assertEquals(Set.of("B", "D.null"), films.asked.keySet(), "only what is gone is done again");
        assertEquals(2, warnings.stream().filter(w -> w.endsWith("is done again")).count(), warnings::toString);
    }

    @Test
    void aCaseThatFailsStopsNoOther() throws IOException {
        plan = plan("case_id,image,prompt,original_text\nA,f0.png,fail,None\nB,gone.png,X,None\nC,f1.png,X,None\n");
        Summary s = run("run", USUAL);
        assertEquals(4, s.done());
        assertEquals(8, s.failed());
        String table = Files.readString(folder.resolve("run/results.csv"));
        assertTrue(table.contains("failed,as asked,"), table);
        assertTrue(table.contains("failed,no film,"), table);
        assertTrue(table.contains("\"the case B, which it is a control of, failed\""), table);
        films.asked.clear();
        assertEquals(8, run("run", USUAL).failed());
        assertEquals(Map.of(), films.asked, "what failed is not tried again unasked");
        Files.copy(folder.resolve("f2.png"), folder.resolve("gone.png"));
        Summary again = run("run", new StressRun.Options(Shard.WHOLE, true));
        assertEquals(8, again.done());
        assertEquals(4, again.failed());
    }

    @Test
    void namesThatCannotBeFiles() {
        for (String id : List.of("../x", "a/b", "con", "x.", ".x", "-x", "a:b", "y".repeat(200))) {
            assertThrows(ManifestException.class, () -> plan("case_id,image,prompt\n" + id + ",f0.png,X\n"), id);
        }
        List<Problem> twice = assertThrows(ManifestException.class,
                () -> plan("case_id,image,prompt,original_text\na,f0.png,X,N\nA,f1.png,X,N\n")).problems();
        assertEquals("row 2, column case_id: 'A' is used in row 1 as 'a' already", twice.getFirst().toString());
    }

    @Test
    void labelsThatCannotBe() {
        List<Problem> problems = assertThrows(ManifestException.class, () -> plan("""
                case_id,image,prompt,original_text,role,label,label_after
                a,f0.png,X,N,add,1,
                b,f0.png,X,N,remove,0,
                c,f0.png,X,N,foreground,yes,maybe
                """)).problems();
        assertEquals(
                List.of("row 1, column label: contradicts the role add: it says whether the film has the target before"
                        + " the edit",
                        "row 2, column label: contradicts the role remove: it says whether the film has the target"
                                + " before the edit",
                        "row 3, column label: 'yes' is neither 0 nor 1",
                        "row 3, column label_after: 'maybe' is neither 0 nor 1"),
                problems.stream().map(Problem::toString).toList());
    }

    @Test
    void columnsThatMayBeMisspelt() throws IOException {
        plan("case_id,image,prompt,original_text,promt\na,f0.png,X,N,q\n");
        assertEquals("column promt is carried through as your own; did you mean prompt?", warnings.getFirst());
        warnings.clear();
        plan("case_id,image,prompt,original_text,site\na,f0.png,X,N,Oslo\n");
        assertEquals(List.of(), warnings, "site is a word of its own, and no misspelt size");
        plan("case_id,image,prompt,original_text,does\na,f0.png,X,N,1\n");
        assertEquals("column does is carried through as your own; did you mean dose?", warnings.getFirst());
        assertThrows(ManifestException.class, () -> plan("case_id,image,Prompt,original_text\na,f0.png,X,N\n"));
    }
}
