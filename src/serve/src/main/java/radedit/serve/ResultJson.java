package radedit.serve;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.imaging.Picture;
import radedit.pipeline.EditDetails;
import radedit.pipeline.Judgement;
import radedit.pipeline.Result;

/** What clients are told of a result. */
final class ResultJson {
    private ResultJson() {
    }

    /**
     * A result without the list of its files.
     *
     * @param number
     *            from 1
     * @param view
     *            the result as it is shown
     */
    static ObjectNode of(int number, Result result, Picture view) {
        Map<String, Object> settings = result.settings().getFirst();
        ObjectNode o = Json.object().put("index", number);
        if (settings.get("seed") instanceof Number seed) {
            o.put("seed", seed.longValue());
        } else {
            o.putNull("seed");
        }
        o.put("prompt", settings.get("prompts") instanceof List<?> all
                ? String.join("; ", all.stream().map(String::valueOf).toList())
                : String.valueOf(settings.get("prompt")));
        o.put("width", view.width()).put("height", view.height());
        Judgement j = result.judgement();
        number(o, "image_text_score", j == null ? null : (Double) j.best().imageText());
        number(o, "edit_score", j == null ? null : j.best().edit());
        if (j == null || j.minScore() == null) {
            o.putNull("passed");
        } else {
            o.put("passed", j.passed());
        }
        EditDetails details = result.editDetails();
        if (details == null || details.nativeEdit() == null) {
            o.putNull("unchanged_outside");
        } else {
            o.put("unchanged_outside",
                    Integer.valueOf(0).equals(details.nativeEdit().measured().get("changed_outside")));
        }
        o.putNull("largest_difference");
        return o;
    }

    private static void number(ObjectNode o, String name, @Nullable Double value) {
        if (value == null || value.isNaN()) {
            o.putNull(name);
        } else {
            o.put(name, value);
        }
    }
}
