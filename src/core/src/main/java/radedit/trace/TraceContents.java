package radedit.trace;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** What a trace holds, to say why it lacks a value. */
final class TraceContents {
    /** Values of a UNet that computes once what the prompts of a step share. */
    private static final Pattern SHARED = Pattern.compile(".*\\.(once|repeat|groups|firsts?|pixels)");

    private final boolean ours;
    private final Set<String> names = new HashSet<>();
    private final Set<String> parts = new HashSet<>();
    /** Names of values by network. */
    private final Map<String, Set<String>> byNetwork = new HashMap<>();
    /** Calls of the UNet that were given its deep features. */
    private final Set<Integer> shallow = new HashSet<>();
    /** Result by network and module computed with it; the network is empty for any. */
    private final Map<TraceKey, String> covering = new HashMap<>();

    TraceContents(Trace t) {
        ours = t.isOurs();
        for (TraceValue v : t.values()) {
            names.add(v.name());
            parts.add(part(v));
            byNetwork.computeIfAbsent(v.network(), n -> new HashSet<>()).add(v.name());
            if (isDeep(v)) {
                shallow.add(v.call());
            }
            for (String module : v.covers()) {
                TraceKey key = new TraceKey(v.network(), 0, module);
                covering.putIfAbsent(key, v.name());
                covering.putIfAbsent(key.withoutNetwork(), v.name());
            }
        }
    }

    private static String part(TraceValue v) {
        return v.name().split("\\.", 2)[0];
    }

    private static boolean isDeep(TraceValue v) {
        return v.isInput() && v.name().equals("deep_features");
    }

    private boolean has(String network, String name) {
        return byNetwork.getOrDefault(network, Set.of()).contains(name);
    }

    /** Why a run of the UNet lacks a value that another one has, as one of them computes something only once. */
    private @Nullable String reused(TraceValue v) {
        boolean isUNet = v.network().equals("unet") || v.network().isEmpty() && isOfUNet(v.name());
        if (isDeep(v) || isUNet && shallow.contains(v.call())) {
            return "left out at steps that reuse deep features";
        }
        if (isUNet && (SHARED.matcher(v.name()).matches() || isOnce(v.name()))) {
            return "computed once for all prompts of a step";
        }
        boolean whole = ours ? byNetwork.containsKey("unet") : parts.contains(part(v));
        if (v.isOfSection() && !byNetwork.containsKey(v.network()) && whole
                || isUNet && (has(TraceValue.UNET_TEXTS, v.name()) || has(TraceValue.UNET_TIMES, v.name()))) {
            return "computed once for all steps";
        }
        return null;
    }

    /** Whether a name without a network is one of the UNet's, as far as is recorded. */
    private boolean isOfUNet(String name) {
        return has("unet", name) || isOnce(name) || has(TraceValue.UNET_TEXTS, name)
                || has(TraceValue.UNET_TIMES, name);
    }

    private boolean isOnce(String name) {
        return has("unet", name + ".once") || covering.containsKey(new TraceKey("unet", 0, name + ".once"));
    }

    private static boolean isDropout(String name) {
        return name.endsWith("dropout") || name.endsWith("to_out.1") || name.endsWith("ff.net.1")
                || name.endsWith("drop");
    }

    /** {@return why this trace lacks a value that another one has} */
    String whyNot(TraceValue v) {
        String once = reused(v);
        if (once != null) {
            return once;
        }
        String result = covering.get(new TraceKey(v.network(), 0, v.name()));
        if (result != null) {
            return "computed together with others as " + result;
        }
        if (names.contains(v.name())) {
            return "in another call";
        }
        if (isDropout(v.name())) {
            return "dropout, which does nothing here";
        }
        if (!parts.contains(part(v))) {
            return "of a part that was not run";
        }
        return v.isHost() || v.isInput() || !ours ? "not a module" : "not recorded";
    }
}
