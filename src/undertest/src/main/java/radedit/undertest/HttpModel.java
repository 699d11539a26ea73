package radedit.undertest;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.imaging.Picture;
import radedit.undertest.ModelException.Reason;

/**
 * A model behind an address: films are posted, whole, as grey PNGs of 8 or 16 bits; the server does all preprocessing.
 *
 * <p>
 * With {@link HttpOptions.Form#JSON}, a request is {@code {"images": ["PNG in base64", ...]}}. The response of a
 * classifier is {@code {"scores": [[0.1, 0.9], ...], "classes": ["Edema", "Effusion"]}} or
 * {@code {"scores": [{"Edema": 0.1, "Effusion": 0.9}, ...]}}, one entry a film in their order; "classes" may be missing
 * where the specification has names. The response of a segmenter is
 * {@code {"masks": [{"Left Lung": "PNG in base64", ...}, ...]}}, each mask of its film's size, pixels above half of the
 * highest level set. With {@link HttpOptions.Form#MULTIPART}, a request has one film in the part {@code image}, and
 * "scores" or "masks" has one entry, or is that entry. Redirects are not followed.
 */
public final class HttpModel implements ModelUnderTest {
    private final HttpCalls calls;
    private final HttpOptions options;
    private final OutputSpec spec;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    private HttpModel(HttpCalls calls, HttpOptions options, OutputSpec spec) {
        this.calls = calls;
        this.options = options;
        this.spec = spec;
    }

    /**
     * Connects to a server. If the specification has no names, the answer to a black film says them.
     *
     * @param address
     *            http or https
     * @param spec
     *            what the server returns: probabilities, or logits; masks are always ready
     * @param options
     *            how the server is asked
     * @return the model
     * @throws ModelException
     *             if the address cannot be used, the environment variable for the authorisation is missing, or the
     *             server fails
     * @throws IOException
     *             if the server cannot be reached
     */
    public static HttpModel open(URI address, OutputSpec spec, HttpOptions options) throws IOException {
        return connect(address, spec.kind() == Kind.CLASSIFICATION ? spec : ready(spec), options);
    }

    /** Masks that need neither thresholds nor channels. */
    private static OutputSpec ready(OutputSpec s) {
        return new OutputSpec(s.kind(), null, OutputSpec.Values.LABELS, s.activation(), 0, s.channels(), Map.of(),
                s.layout());
    }

    private static HttpModel connect(URI address, OutputSpec spec, HttpOptions options) throws IOException {
        HttpCalls calls = new HttpCalls(address, options);
        try {
            OutputSpec named = spec.channels().isEmpty() ? spec.withNames(names(calls, spec)) : spec;
            return new HttpModel(calls, options, named);
        } catch (IllegalArgumentException e) {
            calls.close();
            throw new ModelException(Reason.RUN, calls.source() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            calls.close();
            throw e;
        }
    }

    /** Names from the answer to a black film. */
    private static List<String> names(HttpCalls calls, OutputSpec spec) throws IOException {
        GreyFilm black = GreyFilm.of(new Picture(64, 64, 1, new byte[64 * 64]));
        ObjectNode answer = calls.post(List.of(black));
        List<String> names = new ArrayList<>();
        if (answer.get("classes") instanceof ArrayNode classes) {
            for (JsonNode c : classes) {
                names.add(c.asText());
            }
            return names;
        }
        HttpAnswer entries = new HttpAnswer(calls.source(), answer, spec, 1);
        if (!(entries.entry(0) instanceof ObjectNode o)) {
            throw new ModelException(Reason.REQUEST, calls.source()
                    + ": the answer has neither \"classes\" nor names of scores; output.classes of the preprocessing can");
        }
        o.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Override
    public List<String> names() {
        return spec.names();
    }

    @Override
    public OutputSpec outputSpec() {
        return spec;
    }

    @Override
    public ModelDescription description() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("form", InputSpec.word(options.form()));
        settings.put("output", spec.toMap());
        return new ModelDescription(calls.source(), "", "HTTP", settings);
    }

    @Override
    public int batch() {
        return options.form() == HttpOptions.Form.MULTIPART ? 1 : options.batch();
    }

    @Override
    public List<Output> evaluate(List<GreyFilm> films) throws IOException {
        List<Future<List<Output>>> parts = new ArrayList<>();
        for (int from = 0; from < films.size(); from += batch()) {
            List<GreyFilm> part = films.subList(from, Math.min(films.size(), from + batch()));
            parts.add(executor.submit(() -> part(part)));
        }
        List<Output> all = new ArrayList<>();
        try {
            for (Future<List<Output>> p : parts) {
                all.addAll(p.get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException(Reason.RUN, calls.source() + ": interrupted", e);
        } finally {
            parts.forEach(p -> p.cancel(true));
        }
        return all;
    }

    private List<Output> part(List<GreyFilm> films) throws IOException {
        HttpAnswer answer = new HttpAnswer(calls.source(), calls.post(films), spec, films.size());
        List<Output> all = new ArrayList<>();
        for (int i = 0; i < films.size(); i++) {
            all.add(answer.output(i, films.get(i)));
        }
        return all;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        calls.close();
    }
}
