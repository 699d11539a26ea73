package radedit.serve;

import java.io.IOException;

import com.fasterxml.jackson.databind.node.ArrayNode;

import org.jspecify.annotations.Nullable;

import radedit.imaging.Picture;

/** Films over HTTP. */
final class FilmApi {
    private static final int LONGEST = 200;
    private static final String FILM = "/api/v1/films/{film}";

    private final Services s;

    FilmApi(Services s) {
        this.s = s;
    }

    void register(Router router) {
        router.on("GET", "/api/v1/films", this::list).on("POST", "/api/v1/films", this::upload)
                .on("GET", FILM, c -> c.json(200, film(c).json())).on("DELETE", FILM, this::delete)
                .on("POST", FILM + "/frames/{frame}", this::frame)
                .on("GET", FILM + "/pixels", c -> c.file("application/octet-stream", film(c).samples()))
                .on("GET", FILM + "/picture.png", this::picture);
    }

    private StoredFilm film(Call call) {
        return s.films().get(call.path("film"));
    }

    private void list(Call call) throws IOException {
        ArrayNode all = Json.object().arrayNode();
        s.films().all().forEach(f -> all.add(f.json()));
        call.json(200, all);
    }

    private void upload(Call call) throws IOException {
        String frame = call.query("frame");
        if (frame != null && !frame.matches("[1-9]\\d{0,8}")) {
            throw new HttpError(400, "frame", "frame must be a whole number of at least 1, not " + Words.quoted(frame));
        }
        StoredFilm film = s.films().add(call.query("name", LONGEST), frame == null ? 1 : Integer.parseInt(frame),
                file -> call.save(file, s.limits().uploadBytes()));
        call.json(201, film.json());
    }

    private void delete(Call call) throws IOException {
        StoredFilm film = film(call);
        s.films().delete(film.id());
        s.masks().forget(film);
        call.nothing(204);
    }

    private void frame(Call call) throws IOException {
        StoredFilm film = film(call);
        int frame = call.number("frame", "frame");
        StoredFilm other = s.films().add(film.name(), frame, file -> DataFolder.link(film.file(), file));
        call.json(201, other.json());
    }

    private void picture(Call call) throws IOException {
        StoredFilm film = film(call);
        @Nullable
        String window = call.query("window", LONGEST);
        String loader = call.query("loader");
        byte[] png = s.films().inspector().decode(film.file(), "the film", () -> {
            Picture p = FilmInspector.read(film.file(), Requests.loader(Json.object().put("loader",
                    loader == null ? "standard" : loader)), film.frame(), Requests.window(window)).picture(0);
            return Pngs.of(p);
        });
        call.png(png);
    }
}
