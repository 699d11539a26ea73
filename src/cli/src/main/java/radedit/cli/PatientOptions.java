package radedit.cli;

import java.nio.file.Path;

import picocli.CommandLine.Option;
import radedit.imaging.Film;
import radedit.imaging.dicom.DicomSource;
import radedit.imaging.dicom.SecondaryCapture.Identity;
import radedit.picture.DicomObjects;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;

/** How the patient of a DICOM film is treated if the result is DICOM too. */
final class PatientOptions {
    private static final String KNOWN = ": says that text in its pixels identifies the patient (Burned In Annotation YES),"
            + " which is not removed";
    private static final String UNKNOWN = ": does not say whether text in its pixels identifies the patient; burned-in text is not"
            + " detected, so the result has Burned In Annotation YES";

    @Option(names = "--deidentify", description = "a DICOM result contains nothing about the film's patient and study")
    private boolean deidentify;

    @Option(names = "--keep-patient", description = "a DICOM result belongs to the film's patient and study")
    private boolean keepPatient;

    /** Whether anything that may name the patient is withheld. */
    boolean isWithheld() {
        return deidentify;
    }

    /**
     * Configures the output before the work.
     *
     * @throws InvalidRequestException
     *            if the film identifies a patient and no option says what to do, or the options do not apply
     */
    void apply(OutputOptions output, Path file, Film film, Listener listener) {
        if (deidentify && keepPatient) {
            throw new InvalidRequestException("--deidentify and --keep-patient exclude each other");
        }
        if (!output.isDicom()) {
            if (deidentify || keepPatient) {
                throw new InvalidRequestException(
                        (deidentify ? "--deidentify" : "--keep-patient") + " is for a DICOM result, -o x.dcm");
            }
            return;
        }
        if (!film.format().equals("DICOM")) {
            if (keepPatient) {
                throw new InvalidRequestException(
                        "--keep-patient: " + file + " is not a DICOM object and names no patient");
            }
            listener.warning(file + UNKNOWN);
            return;
        }
        DicomSource source = Inputs.read(file, DicomSource::of);
        if (source.isIdentified() && !deidentify && !keepPatient) {
            throw new InvalidRequestException(file + ": names a patient; --deidentify leaves everything about patient"
                    + " and study out of the DICOM result, --keep-patient copies it");
        }
        if (keepPatient && !source.leftOut().isEmpty()) {
            listener.warning(file + ": not copied, because their values violate DICOM: "
                    + String.join(", ", source.leftOut()));
        }
        if (source.mayHaveBurnedInText() && !keepPatient) {
            listener.warning(file + (source.declaresBurnedInAnnotation() ? KNOWN : UNKNOWN));
        }
        output.derivedFrom(new DicomObjects(source, keepPatient ? Identity.KEPT : Identity.REMOVED));
    }
}
