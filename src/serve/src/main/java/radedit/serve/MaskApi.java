package radedit.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.about.Version;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.Placement;
import radedit.imaging.dicom.DicomSource;
import radedit.imaging.dicom.SecondaryCapture.Identity;
import radedit.imaging.dicom.SegmentationWriter;
import radedit.pipeline.Listener;
import radedit.pipeline.MaskCells;

/** Masks over HTTP: made, uploaded, painted, and what of them counts. */
final class MaskApi {
    private static final int LONGEST_SOURCE = 120;
    private static final String MASKS = "/api/v1/films/{film}/masks";
    private static final String DRAFT = "/api/v1/films/{film}/drafts/{role}";
    private static final String CELLS = "/api/v1/films/{film}/cells";
    private static final String MASK = "/api/v1/masks/{mask}";
    private static final Set<String> ROLES = Set.of("edit", "keep");

    private final Services s;
    private final MaskMaker maker;
    private final Schema words;
    private final Schema cells;

    MaskApi(Services s) {
        this.s = s;
        this.maker = new MaskMaker(s.films().inspector());
        this.words = s.document().schema("MaskRequest");
        this.cells = s.document().body(CELLS, "post");
    }

    void register(Router router) {
        router.on("GET", MASKS, this::list).on("POST", MASKS, this::make).on("GET", DRAFT, this::draft)
                .on("PUT", DRAFT, this::saveDraft).on("POST", CELLS, this::cells)
                .on("GET", MASK, c -> c.json(200, mask(c).json())).on("DELETE", MASK, this::delete)
                .on("GET", MASK + "/mask.png", c -> c.file(Call.PNG, mask(c).file()))
                .on("GET", MASK + "/mask.dcm", this::dicom);
    }

    private StoredFilm film(Call call) {
        return s.films().get(call.path("film"));
    }

    private StoredMask mask(Call call) {
        return s.masks().get(call.path("mask"));
    }

    private void list(Call call) throws IOException {
        ArrayNode all = Json.object().arrayNode();
        s.masks().of(film(call)).forEach(m -> all.add(m.json()));
        call.json(200, all);
    }

    private void make(Call call) throws IOException {
        StoredFilm film = film(call);
        List<String> notes = new ArrayList<>();
        StoredMask made;
        if (call.contentType().equals(Call.JSON)) {
            ObjectNode r = words.check(call.json(Services.DOCUMENT));
            String source = r.get("source").asText();
            Mask mask = s.films().inspector().decode(film.file(), "the mask", () -> MaskMaker.changed(
                    EditMasks.one("source", source, film, s.masks(), notes::add),
                    other("intersect", r, film, notes), other("subtract", r, film, notes),
                    r.get("invert").asBoolean(), r.get("shrink").asInt(), r.get("grow").asInt()));
            made = s.masks().add(film, mask, source.length() <= LONGEST_SOURCE
                    ? source
                    : source.substring(0, LONGEST_SOURCE) + "...", notes);
        } else {
            boolean table = call.contentType().equals("text/csv");
            Mask mask = maker.upload(s.films().root(), file -> call.save(file, s.limits().uploadBytes()), table,
                    call.query(), film, notes::add);
            made = s.masks().add(film, mask, table ? "a row of a table" : "a file", notes);
        }
        call.json(201, made.json());
    }

    private @Nullable Mask other(String field, ObjectNode r, StoredFilm film, List<String> notes) throws IOException {
        return r.hasNonNull(field)
                ? EditMasks.one(field, r.get(field).asText(), film, s.masks(), notes::add)
                : null;
    }

    private String role(Call call) {
        if (!ROLES.contains(call.path("role"))) {
            throw HttpError.gone("draft; drafts are edit and keep");
        }
        return call.path("role");
    }

    private void draft(Call call) throws IOException {
        StoredFilm film = film(call);
        Path file = film.draft(role(call));
        if (!Files.exists(file)) {
            call.nothing(204);
            return;
        }
        call.file(Call.PNG, file);
    }

    private void saveDraft(Call call) throws IOException {
        StoredFilm film = film(call);
        String role = role(call);
        List<String> notes = new ArrayList<>();
        Mask mask = maker.upload(s.films().root(), file -> call.save(file, s.limits().uploadBytes()), false,
                Map.of(), film, notes::add);
        if (!notes.isEmpty()) {
            throw new HttpError(422, "a draft must have the film's size, " + film.extent().width() + " x "
                    + film.extent().height() + " pixels");
        }
        byte[] png = Pngs.of(mask);
        synchronized (film) {
            FilmStore.write(film.draft(role), png);
        }
        call.nothing(204);
    }

    private void cells(Call call) throws IOException {
        StoredFilm film = film(call);
        ObjectNode r = cells.check(call.json(Services.DOCUMENT));
        ObjectNode answer = s.films().inspector().decode(film.file(), "the film", () -> {
            ArrayNode warnings = Json.object().arrayNode();
            EditMasks given = EditMasks.of("edit_mask", r.get("edit_mask"), film, s.masks(), warnings::add);
            EditMasks kept = EditMasks.of("keep_mask", r.get("keep_mask"), film, s.masks(), warnings::add);
            Mask edit = EditMasks.edit(Objects.requireNonNull(given).mask(), r);
            Mask keep = EditMasks.keep(kept == null ? null : kept.mask(), edit, r);
            Film read = Requests.film(film.file(), film, r);
            MaskCells c = MaskCells.of(Requests.masks(read, edit, keep, r), s.device().size(), s.device().cell(),
                    warnings(warnings));
            return json(c, warnings);
        });
        call.json(200, answer);
    }

    private static Listener warnings(ArrayNode all) {
        return new Listener() {
            @Override
            public void warning(String message) {
                all.add(message);
            }

            @Override
            public void warning(radedit.message.Message message) {
                all.add(Words.of(message));
            }
        };
    }

    private static ObjectNode json(MaskCells c, ArrayNode warnings) {
        Placement p = c.placement();
        ObjectNode o = Json.object().put("columns", c.side()).put("rows", c.side())
                .put("left", p.left() / p.scaleX()).put("top", p.top() / p.scaleY())
                .put("cell_width", c.cell() / p.scaleX()).put("cell_height", c.cell() / p.scaleY());
        o.set("edit", Json.of(c.edit()));
        o.set("keep", Json.of(c.keep()));
        o.set("warnings", warnings);
        return o;
    }

    private void delete(Call call) throws IOException {
        s.masks().delete(call.path("mask"));
        call.nothing(204);
    }

    private void dicom(Call call) throws IOException {
        StoredMask m = mask(call);
        String label = call.query("label", 64);
        String patient = call.query("patient");
        if (patient != null && !patient.equals("keep") && !patient.equals("remove")) {
            throw new HttpError(422, "patient", "patient must be keep or remove, not " + Words.quoted(patient));
        }
        DicomSource source = m.film().isDicom() ? DicomSource.of(m.film().file()) : null;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Mask mask = MaskStore.read(m.file());
        try {
            SegmentationWriter.write(out, mask, label == null ? "edit" : label, Version.get(), source,
                    "keep".equals(patient) ? Identity.KEPT : Identity.REMOVED);
        } catch (IllegalArgumentException e) {
            throw new HttpError(422, "the mask is too large for DICOM: " + e.getMessage());
        }
        call.send(200, "application/dicom", out.toByteArray());
    }
}
