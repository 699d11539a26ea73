package radedit.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;

import radedit.pipeline.GenerateRequest;
import radedit.pipeline.InvalidRequestException;

/**
 * The requests of radedit generate, and the pictures in them: one request for a batch, or one for each prompt of a list.
 * Pictures are numbered from 1 through all requests, each of which has the same number of them.
 */
final class GenerateJobs {
    private final List<GenerateRequest> requests;
    private final List<OutputNames.Labels> pictures;
    private final int each;

    private GenerateJobs(List<GenerateRequest> requests, List<OutputNames.Labels> pictures) {
        this.requests = requests;
        this.pictures = pictures;
        this.each = pictures.size() / requests.size();
    }

    /** One request for all prompts. */
    static GenerateJobs ofBatch(GenerateRequest request, List<String> prompts, int count, long seed,
            boolean seedPerImage) {
        List<OutputNames.Labels> pictures = new ArrayList<>();
        for (int k = 1; k <= request.numbers().size(); k++) {
            pictures.add(
                    new OutputNames.Labels(k, seedPerImage ? seed + k - 1 : seed, prompts.get((k - 1) / count), null));
        }
        return new GenerateJobs(List.of(request), pictures);
    }

    /**
     * A request for each prompt of a list. Each picture has a generator of its own, so that it does not depend on its place in
     * the list unless its seed does.
     *
     * @param usual
     *            makes a request of prompts with the options of the command line
     */
    static GenerateJobs ofList(PromptList list, Function<List<String>, GenerateRequest> usual, int count, long seed) {
        List<GenerateRequest> requests = new ArrayList<>();
        List<OutputNames.Labels> pictures = new ArrayList<>();
        for (PromptList.Row row : list.rows()) {
            long first = row.seed() == null ? seed + pictures.size() : row.seed();
            GenerateRequest r = usual.apply(List.of(row.prompt())).seed(first).seedPerImage(true);
            if (row.negativePrompt() != null) {
                r.negativePrompt(row.negativePrompt());
            }
            if (row.steps() != null) {
                r.steps(row.steps());
            }
            if (row.guidance() != null) {
                r.guidance(row.guidance());
            }
            int of = r.numbers().size(); // checks the count
            for (int k = 1; k <= of; k++) {
                String name = row.caseId() == null || count == 1 ? row.caseId() : row.caseId() + "-" + k;
                pictures.add(new OutputNames.Labels(pictures.size() + 1, first + k - 1, row.prompt(), null, name));
            }
            requests.add(r);
        }
        return new GenerateJobs(requests, pictures);
    }

    List<GenerateRequest> requests() {
        return requests;
    }

    OutputNames.Labels labels(int number) {
        return pictures.get(number - 1);
    }

    /**
     * The numbers of the pictures to compute.
     *
     * @param ranges
     *            none for all
     * @throws InvalidRequestException
     *             if there is no such picture
     */
    NavigableSet<Integer> only(List<NumberRanges> ranges) {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (NumberRanges r : ranges) {
            Arrays.stream(r.numbers(pictures.size())).forEach(numbers::add);
        }
        if (ranges.isEmpty()) {
            pictures.forEach(p -> numbers.add(p.number()));
        }
        return numbers;
    }

    /**
     * Serves the requests that have pictures to compute.
     *
     * @param numbers
     *            numbers of these pictures
     * @param serve
     *            receives each request and the number of pictures before it
     */
    void run(NavigableSet<Integer> numbers, ObjIntConsumer<GenerateRequest> serve) {
        for (int i = 0; i < requests.size(); i++) {
            int offset = i * each;
            NavigableSet<Integer> here = numbers.subSet(offset, false, offset + each, true);
            if (!here.isEmpty()) {
                GenerateRequest r = Objects.requireNonNull(requests.get(i));
                r.only(here.stream().mapToInt(k -> k - offset).toArray());
                serve.accept(r, offset);
            }
        }
    }
}
