package radedit.tools.hub;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import radedit.tools.hub.HubException.Kind;
import radedit.weights.WeightsException;

/** Converts HTTP errors to exceptions that say what the user can do. */
final class HubErrors {
    /** The hub's rate limit header: remaining requests (r) and seconds until reset (t). */
    private static final Pattern LIMIT = Pattern.compile(".*;\\s*r\\s*=\\s*0\\s*;\\s*t\\s*=\\s*([0-9]{1,6}).*");

    private final URI endpoint;
    private final boolean token;

    /**
     * @param token
     *            whether requests carry a token
     */
    HubErrors(URI endpoint, boolean token) {
        this.endpoint = endpoint;
        this.token = token;
    }

    /**
     * The exception for an unsuccessful response.
     *
     * @param file
     *            the requested file; null for the listing
     * @throws WeightsException
     *            if the repository, revision or file does not exist, or access needs a permission
     * @return for every other refusal
     */
    HubException refused(Reply r, RepoId repo, String revision, @Nullable String file) {
        String code = r.header("x-error-code").orElse("");
        String said = r.header("x-error-message").map(Names::clean).orElse("");
        String says = said.isEmpty() ? "" : " (" + said + ")";
        if (r.foreign() && code.isEmpty()) {
            // Most likely a signed address has expired; the hub issues a new one.
            return new HubException(Kind.PASSING, r.place().getHost() + " answers " + r.status() + " for "
                    + (file == null ? repo : file));
        }
        return switch (r.status()) {
            case 401, 403 -> throw new WeightsException(noAccess(code, said, repo));
            case 404 -> throw new WeightsException(switch (code) {
                case "RevisionNotFound" -> repo + ": has no revision '" + revision + "'" + says;
                case "EntryNotFound" -> repo + ": has no file '" + file + "' at " + revision + says;
                case "RepoNotFound" -> repo + ": no such repository on " + endpoint + says;
                default -> file == null
                        ? repo + ": no such repository or revision '" + revision + "' on " + endpoint + says
                        : repo + ": no file '" + file + "' at " + revision + says;
            });
            case 408, 425, 429, 500, 502, 503, 504 -> new HubException(Kind.PASSING, endpoint.getHost() + " answers "
                    + r.status() + (r.status() == 429 ? ", too many requests" : "") + says, retryAfter(r), null);
            default -> new HubException(Kind.FINAL, endpoint.getHost() + " answers " + r.status() + " for " + repo
                    + (file == null ? "" : ", " + file) + says);
        };
    }

    private String noAccess(String code, String said, RepoId repo) {
        String page = endpoint + "/" + repo;
        String why = said.isEmpty() ? "" : ": " + said;
        if (code.equals("GatedRepo")) {
            return repo + ": is gated" + why + "\naccept its terms on " + page
                    + (token
                            ? " with the account whose token is used"
                            : ", then set HF_TOKEN to a token of that account");
        }
        if (!token) {
            return repo + ": does not exist, or is private" + why + "\nits page would be " + page
                    + "; set HF_TOKEN to a token of an account that may see it";
        }
        return repo + ": the token is not accepted, or does not have access" + why + "\nthe page is " + page
                + "; the token comes from HF_TOKEN or the file token in HF_HOME";
    }

    private static @Nullable Duration retryAfter(Reply r) {
        Optional<String> v = r.header("retry-after").map(String::strip);
        if (v.isPresent() && v.get().matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(v.get()));
        }
        if (v.isPresent()) {
            try {
                Duration d = Duration.between(ZonedDateTime.now(ZoneOffset.UTC),
                        ZonedDateTime.parse(v.get(), DateTimeFormatter.RFC_1123_DATE_TIME));
                return d.isNegative() ? Duration.ZERO : d;
            } catch (DateTimeParseException e) {
                // ignore a malformed header
            }
        }
        Matcher limit = LIMIT.matcher(r.header("ratelimit").orElse(""));
        return limit.matches() ? Duration.ofSeconds(Long.parseLong(limit.group(1))) : null;
    }
}
