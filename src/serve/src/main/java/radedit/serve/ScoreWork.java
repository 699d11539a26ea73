package radedit.serve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.files.OutputFolder;
import radedit.imaging.Film;
import radedit.imaging.HeatMap;
import radedit.imaging.Picture;
import radedit.pipeline.Scorer;
import radedit.pipeline.SimilarityMap;

/** Scores a film: its similarity to texts, and a map of each over the film. */
final class ScoreWork {
    private final Job job;
    private final JobInputs inputs;
    private final Scorer scorer;

    ScoreWork(Job job, JobInputs inputs, Scorer scorer) {
        this.job = job;
        this.inputs = inputs;
        this.scorer = scorer;
    }

    private record Scored(String text, double score, String map) {}

    void run() throws IOException {
        JsonNode r = job.request();
        int total = r.get("texts").size() + 1;
        job.progress("scoring", 0, total, null);
        Film film = inputs.scored(job, JobInputs.FILM);
        Picture shown = Scorer.check(film);
        Scorer.FilmEmbedding embedded = scorer.film(film);
        List<Scored> all = new ArrayList<>();
        ArrayNode files = Json.object().arrayNode();
        try (OutputFolder making = OutputFolder.begin(job.resultFolder(1))) {
            for (JsonNode t : r.get("texts")) {
                job.cancellation().check();
                double[] text = scorer.text(List.of(t.asText()));
                String name = "map-" + (all.size() + 1) + ".png";
                SimilarityMap map = scorer.map(embedded, text, SimilarityMap.Interpolation.BILINEAR);
                FilmStore.write(making.path().resolve(name), Pngs.of(over(shown, map.values())));
                files.add(name);
                all.add(new Scored(t.asText(), Scorer.cosine(embedded.embedding(), text), name));
                job.progress("scoring", all.size(), total, null);
            }
            making.commit();
        }
        job.scores(ranked(all), editScore(r, embedded));
        ObjectNode result = Json.object().put("index", 1).putNull("seed").put("prompt", all.getFirst().text())
                .put("width", film.columns()).put("height", film.rows());
        for (String none : List.of("image_text_score", "edit_score", "passed", "unchanged_outside",
                "largest_difference")) {
            result.putNull(none);
        }
        result.put("native", false).putNull("pixels").set("files", files);
        job.add(result);
    }

    private static ArrayNode ranked(List<Scored> all) {
        all.sort(Comparator.comparingDouble((Scored s) -> Double.isNaN(s.score()) ? -2 : s.score()).reversed());
        ArrayNode out = Json.object().arrayNode();
        for (Scored s : all) {
            ObjectNode o = out.addObject().put("text", s.text());
            if (Double.isNaN(s.score())) {
                o.putNull("score");
            } else {
                o.put("score", s.score());
            }
            o.put("rank", out.size()).put("map", s.map());
        }
        return out;
    }

    private @Nullable Double editScore(JsonNode r, Scorer.FilmEmbedding film)
            throws IOException {
        if (!r.hasNonNull("original")) {
            return null;
        }
        double[] original = scorer.film(inputs.scored(job, JobInputs.ORIGINAL)).embedding();
        return Scorer.editScore(film.embedding(), original, scorer.text(List.of(r.get("texts").get(0).asText())),
                scorer.text(List.of(r.get("original_text").asText())));
    }

    /** Values from -1 to 1 in colour over a picture, of its size. */
    static Picture over(Picture p, double[] values) {
        return HeatMap.draw(p.channels() == 1 ? p : p.toGrey(), values, null).crop(0, 0, p.width(), p.height());
    }
}
