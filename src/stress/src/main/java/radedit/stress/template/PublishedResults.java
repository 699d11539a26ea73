package radedit.stress.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * What was published of an experiment, to be shown next to a user's own results. Models, films and edits differ, so it is a
 * point of reference, not a value to be reached.
 *
 * @param experiment
 *            the experiment, as in the column {@value #COLUMN}
 * @param source
 *            the publication
 * @param url
 *            where it is
 * @param results
 *            the results
 */
public record PublishedResults(String experiment, String source, String url, List<Result> results) {
    /** The column of a manifest that names the experiment. */
    public static final String COLUMN = "experiment";

    /**
     * A number before and after the edits.
     *
     * @param model
     *            weak for a model that was trained on biased films, strong for one that was not; empty if there is only one
     * @param metric
     *            accuracy or dice
     * @param finding
     *            what was edited
     * @param before
     *            on the films before the edits, in percent
     * @param after
     *            on the edited films, in percent
     */
    public record Result(String model, String metric, String finding, double before, double after) {}

    /**
     * {@return what was published of an experiment; empty if nothing was}
     *
     * @param experiment
     *            the experiment, such as acquisition
     */
    public static Optional<PublishedResults> of(String experiment) {
        JsonNode all = read();
        JsonNode results = all.path("experiments").path(experiment);
        if (!results.isArray()) {
            return Optional.empty();
        }
        List<Result> each = new ArrayList<>();
        results.forEach(r -> each.add(new Result(r.path("model").asText(""), r.path("metric").asText(),
                r.path("finding").asText(), r.path("before").asDouble(), r.path("after").asDouble())));
        return Optional.of(new PublishedResults(experiment, all.path("source").asText(), all.path("url").asText(),
                List.copyOf(each)));
    }

    private static JsonNode read() {
        try (InputStream in = Template.resource("published.json")) {
            return JsonMapper.builder().build().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never: it is part of the program
        }
    }

    /** {@return the results as JSON values by name} */
    public Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("experiment", experiment);
        m.put("source", source);
        m.put("url", url);
        List<Map<String, Object>> all = new ArrayList<>();
        for (Result r : results) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("model", r.model());
            each.put("metric", r.metric());
            each.put("finding", r.finding());
            each.put("before", r.before());
            each.put("after", r.after());
            all.add(each);
        }
        m.put("results", all);
        return m;
    }
}
