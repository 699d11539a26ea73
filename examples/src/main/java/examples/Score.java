package examples;

import java.nio.file.Path;
import java.util.List;

import radedit.checkpoint.NamedModels;
import radedit.imaging.Films;
import radedit.pipeline.Scorer;

/** Scores texts against a film: {@code Score MODEL FILM TEXT...}. */
public final class Score {
    public static void main(String[] args) throws Exception {
        Path model = NamedModels.resolve(Path.of(args[0]), System.getenv());
        try (Scorer scorer = Scorer.open(model)) {
            double[] film = scorer.film(Films.read(Path.of(args[1]))).embedding();
            for (String text : List.of(args).subList(2, args.length)) {
                System.out.printf("%7.4f  %s%n", Scorer.cosine(film, scorer.text(List.of(text))), text);
            }
        }
    }
}
