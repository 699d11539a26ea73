package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** One RadEdit or Scorer, many threads; and none once it is closed. */
class SharedUseTest {
    private static final ModelFolder MODEL = ModelFolder.of(Fixtures.model(Size.TINY)).with(Part.TEXT_ENCODER,
            Fixtures.jointTextEncoder());

    private static <T> List<T> together(int times, Callable<T> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(times)) {
            List<Future<T>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.add(threads.submit(work));
            }
            List<T> out = new ArrayList<>();
            for (Future<T> f : all) {
                out.add(f.get());
            }
            return out;
        }
    }

    @Test
    void requestsOfSeveralThreadsGiveWhatTheyGiveAlone() throws Exception {
        try (RadEdit radEdit = RadEdit.open(MODEL, RunOptions.DEFAULT)) {
            GenerateRequest text = new GenerateRequest("Cardiomegaly").steps(2).seed(3);
            double[] generated = radEdit.generate(text).images().data();
            double[] edited = radEdit.edit(edit()).images().data();
            assertTrue(edited.length == generated.length);
            List<double[]> both = together(6, () -> {
                double[] a = radEdit.generate(text).images().data();
                double[] b = radEdit.edit(edit()).images().data();
                assertArrayEquals(generated, a);
                return b;
            });
            both.forEach(b -> assertArrayEquals(edited, b));
        }
    }

    private static EditRequest edit() throws IOException {
        return TrajectoryTest.request("tiny").steps(4);
    }

    @Test
    void scoresOfSeveralThreads() throws Exception {
        Film film = Films.read(TestData.reference("tiny/edit_image.png"));
        try (Scorer scorer = Scorer.open(MODEL, RunOptions.DEFAULT)) {
            double[] image = scorer.film(film).embedding();
            double[] text = scorer.text(List.of("Cardiomegaly"));
            for (double[] v : together(6, () -> scorer.film(film).embedding())) {
                assertArrayEquals(image, v);
            }
            for (double[] v : together(6, () -> scorer.text(List.of("Cardiomegaly")))) {
                assertArrayEquals(text, v);
            }
        }
    }

    @Test
    void whatIsClosedSaysSo() throws IOException {
        RadEdit radEdit = RadEdit.open(MODEL, RunOptions.DEFAULT);
        radEdit.close();
        radEdit.close();
        assertEquals("this RadEdit is closed",
                assertThrows(IllegalStateException.class, () -> radEdit.generate(new GenerateRequest("a")))
                        .getMessage());
        assertThrows(IllegalStateException.class, () -> radEdit.edit(edit()));
        Scorer scorer = Scorer.open(MODEL, RunOptions.DEFAULT);
        scorer.close();
        scorer.close();
        Film film = Films.read(TestData.reference("tiny/edit_image.png"));
        assertEquals("this Scorer is closed",
                assertThrows(IllegalStateException.class, () -> scorer.film(film)).getMessage());
        assertThrows(IllegalStateException.class, () -> scorer.text(List.of("a")));
    }

    /** A request from within another, or closing there, would find networks that are at work. */
    @Test
    void listenersCannotAskForMore() {
        try (RadEdit radEdit = RadEdit.open(MODEL, RunOptions.DEFAULT)) {
            GenerateRequest r = new GenerateRequest("a").steps(1);
            for (Runnable inner : List.<Runnable>of(() -> radEdit.generate(r), radEdit::close)) {
                IllegalStateException e = assertThrows(IllegalStateException.class,
                        () -> radEdit.generate(r, new Listener() {
                            @Override
                            public void progress(String phase, int done, int total) {
                                inner.run();
                            }
                        }));
                assertTrue(e.getMessage().contains("its listener cannot"), e.getMessage());
            }
            assertEquals(1, radEdit.generate(r).count());
        }
    }
}
