package radedit.undertest;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link ModelProbes} found and measured.
 *
 * @param findings
 *            errors first
 * @param measured
 *            by keyword: films (their number), least and greatest (of the model's own values), spread (largest range of a
 *            class's value or of a structure's share of the film), repeat_difference and batch_difference (largest
 *            difference of a probability), inverse_difference, shuffled_difference and black_white_difference (largest
 *            difference of the model's own values); differences of masks are the share of their pixels that differ
 */
public record ProbeReport(List<Finding> findings, Map<String, Double> measured) {
    /** Copies list and map. */
    public ProbeReport {
        findings = List.copyOf(findings);
        measured = Collections.unmodifiableMap(new LinkedHashMap<>(measured));
    }

    /** {@return whether there is no error} */
    public boolean passed() {
        return findings.stream().noneMatch(f -> f.severity() == Finding.Severity.ERROR);
    }
}
