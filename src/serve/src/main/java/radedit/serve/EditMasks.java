package radedit.serve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.imaging.Mask;

/**
 * A mask of a request: ids of masks or words, several of which are joined.
 *
 * @param mask
 *            their union, at the film's size
 * @param words
 *            the words, if there is nothing but words; else empty
 */
record EditMasks(Mask mask, List<String> words) {
    /**
     * The mask in a field of a request.
     *
     * @param value
     *            a text or a list of texts; null if the request lacks it
     * @return null if the request lacks it
     * @throws HttpError
     *             if it is of no use
     */
    static @Nullable EditMasks of(String field, @Nullable JsonNode value, StoredFilm film, MaskStore masks,
            Consumer<String> note) throws IOException {
        if (value == null) {
            return null;
        }
        List<String> sources = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(v -> sources.add(v.asText()));
        } else {
            sources.add(value.asText());
        }
        Mask all = Mask.filled(film.extent().width(), film.extent().height(), false);
        boolean onlyWords = true;
        for (String s : sources) {
            onlyWords &= !Ids.isOne(s);
            all = all.union(one(field, s, film, masks, note));
        }
        return new EditMasks(all, onlyWords ? sources : List.of());
    }

    /** One mask, by its id or in words. */
    static Mask one(String field, String source, StoredFilm film, MaskStore masks, Consumer<String> note)
            throws IOException {
        if (!Ids.isOne(source)) {
            return MaskMaker.inWords(field, source, film, note);
        }
        StoredMask m;
        try {
            m = masks.get(source);
        } catch (HttpError e) {
            throw new HttpError(422, field, field + ": " + e.getMessage());
        }
        Mask read = MaskStore.read(m.file());
        if (!m.film().id().equals(film.id())
                && (read.width() != film.extent().width() || read.height() != film.extent().height())) {
            throw new HttpError(422, field, field + ": the mask belongs to another film, of another size");
        }
        return read;
    }

    /** The mask where to change, grown and inverted as a request says. */
    static Mask edit(Mask given, JsonNode request) {
        int grow = request.path("grow_edit_mask").asInt(0);
        Mask grown = grow == 0 ? given : given.dilate(grow);
        Mask edit = request.path("invert_edit_mask").asBoolean(false) ? grown.inverse() : grown;
        if (edit.isEmpty()) {
            throw new HttpError(422, "edit_mask", "edit_mask has no pixels; paint where to change");
        }
        return edit;
    }

    /** The mask of what must stay, apart from the edit mask as a request says; null for none. */
    static @Nullable Mask keep(@Nullable Mask given, Mask edit, JsonNode request) {
        int band = request.path("free_band").asInt(0);
        if (given == null) {
            if (band > 0) {
                throw new HttpError(422, "free_band", "free_band needs a keep_mask");
            }
            if (request.has("keep_rule")) {
                throw new HttpError(422, "keep_rule", "keep_rule needs a keep_mask");
            }
            return null;
        }
        if (given.isEmpty()) {
            throw new HttpError(422, "keep_mask", "keep_mask has no pixels; leave it out to keep nothing");
        }
        Mask keep = band == 0 ? given : given.difference(edit.dilate(band));
        if (keep.isEmpty()) {
            throw new HttpError(422, "free_band", "free_band " + band + " leaves nothing of the keep_mask");
        }
        return keep;
    }
}
