package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;

import radedit.fuzz.Scratch;

/** A reader, and all that is made of what it reads; in this package because a film is made here. */
public final class FuzzedFilm {
    private FuzzedFilm() {
    }

    /** Reads, refuses with a message, or fails. */
    public static void read(FilmReader reader, byte[] data) throws IOException {
        Path file = Scratch.holding(data);
        try {
            FilmContent content = reader.read(file, FilmReader.ALL_FRAMES);
            Loader loader = Loader.values()[data.length % Loader.values().length];
            Film film = new Film(file, content, new FilmOptions(loader, FilmReader.ALL_FRAMES, WindowChoice.FROM_FILE));
            film.modality();
            film.display();
            film.himl();
            film.picture(0);
        } catch (ImageFormatException e) {
            Scratch.check(e);
        }
    }
}
