package radedit.stress;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Columns that seem to say who the patient is, though only {@code patient_id} does. */
public final class PatientColumn {
    private static final Set<String> USUAL = Set.of("patient", "patientid", "patientids", "patientkey", "patientno",
            "patientnr", "patientnum", "patientnumber", "patientname", "pid", "ptid", "subject", "subjectid",
            "subjectkey", "subjectno", "subjectnumber", "subj", "subjid", "person", "personid", "participant",
            "participantid", "mrn");

    private PatientColumn() {
    }

    /**
     * {@return what a user should know about a table without patients; empty if there is a column {@code patient_id}, or none
     * that seems to be one}
     *
     * @param columns
     *            the columns
     */
    public static Optional<String> hint(Collection<String> columns) {
        return columns.contains(StressCase.PATIENT_ID)
                ? Optional.empty()
                : columns.stream().filter(PatientColumn::isLike).findFirst()
                        .map(c -> "column " + c + " is not taken for the patient, so that statistics count each film as"
                                + " a patient of its own; call it " + StressCase.PATIENT_ID + " in the manifest");
    }

    /** {@return whether a column seems to say who the patient is} */
    static boolean isLike(String column) {
        return USUAL.contains(column.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
    }
}
