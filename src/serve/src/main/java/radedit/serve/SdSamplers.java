package radedit.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;

/**
 * The names that AUTOMATIC1111's web UI has for samplers and schedulers, as in its modules sd_samplers_kdiffusion,
 * sd_samplers_timesteps and sd_schedulers (version 1.10).
 */
final class SdSamplers {
    /** A scheduler there: how noise levels are chosen. */
    private enum Scheduler {
        AUTOMATIC("Automatic", null, null),
        UNIFORM("Uniform", SigmaSpacing.DISCRETE, null),
        KARRAS("Karras", SigmaSpacing.KARRAS, null),
        EXPONENTIAL("Exponential", SigmaSpacing.EXPONENTIAL, null),
        SGM_UNIFORM("SGM Uniform", SigmaSpacing.DISCRETE, "trailing");

        private final String label;
        private final @Nullable SigmaSpacing sigmas;
        private final @Nullable String spacing;

        Scheduler(String label, @Nullable SigmaSpacing sigmas, @Nullable String spacing) {
            this.label = label;
            this.sigmas = sigmas;
            this.spacing = spacing;
        }

        /** Its name in requests, other than the label. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean is(String text) {
            return text.equalsIgnoreCase(label) || text.equalsIgnoreCase(word());
        }
    }

    /** A sampler there. What it does with the scheduler Automatic is what that does there. */
    private enum Sampler {
        DDIM("DDIM", SamplerMethod.DDIM, null, false),
        DPM_2M("DPM++ 2M", SamplerMethod.DPM_2M, Scheduler.KARRAS, true, "k_dpmpp_2m"),
        DPM_2M_SDE("DPM++ 2M SDE", SamplerMethod.DPM_2M_SDE, Scheduler.EXPONENTIAL, true, "k_dpmpp_2m_sde"),
        UNIPC("UniPC", SamplerMethod.UNIPC, null, true),
        EULER("Euler", SamplerMethod.EULER, null, true, "k_euler"),
        EULER_A("Euler a", SamplerMethod.EULER_A, null, true, "k_euler_a", "k_euler_ancestral"),
        PLMS("PLMS", SamplerMethod.PLMS, null, false),
        LCM("LCM", SamplerMethod.LCM, null, true, "k_lcm"),
        /** Of this program alone. */
        PNDM("PNDM", SamplerMethod.PNDM, null, false);

        private final String label;
        private final SamplerMethod method;
        private final @Nullable Scheduler automatic;
        /** Whether the scheduler has an effect there. */
        private final boolean scheduled;
        /** Other names, in one text: an enum is immutable. */
        private final String aliases;

        Sampler(String label, SamplerMethod method, @Nullable Scheduler automatic, boolean scheduled,
                String... aliases) {
            this.label = label;
            this.method = method;
            this.automatic = automatic;
            this.scheduled = scheduled;
            this.aliases = String.join(" ", aliases);
        }

        /** Other names in requests. */
        List<String> others() {
            List<String> all = new ArrayList<>(List.of(method.toString()));
            Arrays.stream(aliases.split(" ")).filter(a -> !a.isEmpty()).forEach(all::add);
            return all;
        }

        boolean is(String text) {
            return text.equalsIgnoreCase(label) || others().stream().anyMatch(text::equalsIgnoreCase);
        }
    }

    /**
     * What a request asks for.
     *
     * @param sampler
     *            null for that of the model
     * @param scheduler
     *            {@link Scheduler#AUTOMATIC} if it says nothing
     */
    record Choice(@Nullable Sampler sampler, Scheduler scheduler) {
        /** Whether a sampler other than DDIM is named. */
        boolean isOther() {
            return sampler != null && sampler != Sampler.DDIM;
        }

        /** Whether a scheduler is named. */
        boolean isScheduled() {
            return scheduler != Scheduler.AUTOMATIC;
        }

        /** Whether a scheduler is named that has no effect with the sampler, there and here. */
        boolean ignoresScheduler() {
            return isScheduled() && sampler != null && !sampler.scheduled;
        }

        /** The name of the scheduler, as infotexts have it. */
        String schedule() {
            return scheduler.label;
        }

        /** Sets the fields of a request to generate. */
        void set(ObjectNode request) {
            if (sampler != null) {
                request.put("sampler", sampler.method.toString());
            }
            Scheduler meant = scheduler == Scheduler.AUTOMATIC && sampler != null && sampler.automatic != null
                    ? sampler.automatic
                    : scheduler;
            if (!ignoresScheduler() && meant.sigmas != null) {
                request.put("sigmas", meant.sigmas.toString());
                if (meant.spacing != null) {
                    request.put("spacing", meant.spacing);
                }
            }
        }
    }

    private SdSamplers() {
    }

    /**
     * What a request asks for.
     *
     * @throws HttpError
     *             if it names what there is not here
     */
    static Choice of(JsonNode r) {
        String field = r.path("sampler_name").asText("").isBlank() ? "sampler_index" : "sampler_name";
        String name = text(r, field);
        Scheduler scheduler = scheduler(text(r, "scheduler"));
        if (name.isEmpty()) {
            return new Choice(null, scheduler);
        }
        for (Sampler s : Sampler.values()) {
            if (s.is(name)) {
                return new Choice(s, scheduler);
            }
            for (Scheduler k : Scheduler.values()) { // as older versions name both together
                if (name.length() > k.label.length() && s.is(before(name, k.label))) {
                    return new Choice(s, scheduler == Scheduler.AUTOMATIC ? k : scheduler);
                }
            }
        }
        throw new HttpError(422, field, "there is no sampler " + Words.quoted(name) + "; the samplers are "
                + String.join(", ", Arrays.stream(Sampler.values()).map(s -> s.label).toList()));
    }

    private static String text(JsonNode r, String field) {
        return r.hasNonNull(field) ? r.get(field).asText().strip() : "";
    }

    /** A text without the words at its end; empty if it does not end with them. */
    private static String before(String text, String end) {
        int at = text.length() - end.length();
        return text.regionMatches(true, at, end, 0, end.length()) && text.charAt(at - 1) == ' '
                ? text.substring(0, at).strip()
                : "";
    }

    private static Scheduler scheduler(String name) {
        return name.isEmpty()
                ? Scheduler.AUTOMATIC
                : Arrays.stream(Scheduler.values()).filter(k -> k.is(name)).findFirst()
                        .orElseThrow(() -> new HttpError(422, "scheduler", "there is no scheduler " + Words.quoted(name)
                                + "; the schedulers are "
                                + String.join(", ", Arrays.stream(Scheduler.values()).map(k -> k.label).toList())));
    }

    /** The name there of a method here. */
    static String label(String method) {
        return Arrays.stream(Sampler.values()).filter(s -> s.method.toString().equals(method)).findFirst()
                .map(s -> s.label).orElse(method);
    }

    static ArrayNode samplers() {
        ArrayNode all = Json.object().arrayNode();
        for (Sampler s : Sampler.values()) {
            ObjectNode o = all.addObject().put("name", s.label);
            o.set("aliases", Json.of(s.others()));
            ObjectNode options = o.putObject("options");
            if (s.automatic != null) {
                options.put("scheduler", Objects.requireNonNull(s.automatic).word());
            }
        }
        return all;
    }

    static ArrayNode schedulers() {
        ArrayNode all = Json.object().arrayNode();
        for (Scheduler k : Scheduler.values()) {
            all.addObject().put("name", k.word()).put("label", k.label).putNull("aliases").put("default_rho", -1)
                    .put("need_inner_model", false);
        }
        return all;
    }
}
