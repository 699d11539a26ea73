package radedit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;
import radedit.files.OutputFile;
import radedit.picture.DicomObjects;
import radedit.pipeline.InvalidRequestException;

/** Output options of pictures: file and form. */
final class OutputOptions {
    static final ObjectMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(SerializationFeature.INDENT_OUTPUT).build();

    /** File formats of pictures, by ending. */
    enum Kind {
        PNG, DICOM, NIFTI, SAFETENSORS;

        /** The format of a file name. */
        static Kind of(Path file) {
            if (Stdout.isMeant(file) || Files.isDirectory(file)) {
                return PNG;
            }
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            if (name.endsWith(".png")) {
                return PNG;
            }
            if (name.endsWith(".safetensors")) {
                return SAFETENSORS;
            }
            if (name.endsWith(".nii") || name.endsWith(".nii.gz")) {
                return NIFTI;
            }
            if (name.endsWith(".dcm")) {
                return DICOM;
            }
            if (OutputFile.isDevice(file)) {
                return PNG; // devices and pipes have no ending
            }
            throw new InvalidRequestException(
                    file + ": the output must end in .png, .dcm, .nii, .nii.gz or .safetensors, or"
                            + " be a folder that exists");
        }
    }

    /** Values of --bits. */
    static final class Depths extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Depths() {
            super(List.of("8", "16"));
        }
    }

    @Option(names = {"-o",
            "--output"}, paramLabel = "OUT", required = true, converter = Outputs.FolderConverter.class, description = "x.png, x.dcm, x.nii, x.nii.gz, x.safetensors, a folder, or - for a PNG on stdout; several pictures become x-1.png, x-2.png, ...; the name may be a pattern with {n}, {seed}, {prompt}, {film} or {case}, such as film-{seed}-{n:03}.png, where 03 pads to three digits; {{ and }} are literal braces")
    private Path output;

    @Option(names = "--overwrite", paramLabel = "NAME", description = "no or yes: replace files that exist (default: yes for a name, no in a folder)")
    private @Nullable Overwrite overwrite;

    @Option(names = "--rgb", description = "write three channels instead of grey")
    private boolean rgb;

    @Option(names = "--bits", paramLabel = "N", completionCandidates = Depths.class, description = "bits per sample of PNG, DICOM and NIfTI: 8 or 16 (default: 8)")
    private @Nullable Integer givenBits;

    @Option(names = "--latents", paramLabel = "F", description = "also write the final latent (safetensors)")
    private @Nullable Path latents;

    @Option(names = "--json", description = "print one JSON document about the result, nothing else, on stdout")
    private boolean json;

    /** How DICOM objects refer to the source film. */
    private DicomObjects dicom = DicomObjects.WITHOUT_SOURCE;

    /** Whether DICOM is written. */
    boolean isDicom() {
        return Kind.of(output) == Kind.DICOM;
    }

    void derivedFrom(DicomObjects objects) {
        dicom = objects;
    }

    /**
     * Checks before the work whether results can be written.
     *
     * @param pictures
     *            values for file names
     * @param inputs
     *            files that must not be overwritten; may contain null
     * @return the output files
     */
    OutputNames check(List<OutputNames.Labels> pictures, @Nullable Path... inputs) throws IOException {
        if (bits() != 8 && bits() != 16) {
            throw new InvalidRequestException("--bits must be 8 or 16, not " + givenBits);
        }
        checkForm(pictures.size());
        if (latents != null) {
            Outputs.requireDistinct("", latents, inputs);
            Outputs.requireDistinct("", output, latents);
            requireTensors("--latents ", latents);
            OutputFile.check(latents);
            if (overwrite == Overwrite.NO && Files.exists(latents)) {
                throw new InvalidRequestException(
                        "--latents " + latents + ": exists already; --overwrite yes replaces it");
            }
        }
        OutputNames names = new OutputNames(output, overwrite, isOneFile() ? pictures.subList(0, 1) : pictures);
        if (Stdout.isMeant(output)) {
            return names;
        }
        if (Files.isDirectory(output)) {
            if (!Files.isWritable(output)) {
                throw new IOException(output + ": cannot be written to");
            }
            return names;
        }
        for (OutputNames.Labels p : isOneFile() ? pictures.subList(0, 1) : pictures) {
            Path file = names.place(p);
            Outputs.requireDistinct("", file, inputs);
            Outputs.requireDistinct("", file, latents);
            OutputFile.check(file);
        }
        return names;
    }

    private void checkForm(int pictures) {
        switch (Kind.of(output)) {
            case DICOM -> {
                if (rgb && bits() == 16) {
                    throw new InvalidRequestException("DICOM holds colours of 8 bits; --rgb needs --bits 8 there");
                }
            }
            case NIFTI -> {
                if (rgb) {
                    throw new InvalidRequestException("NIfTI holds grey pictures; --rgb needs PNG or safetensors");
                }
            }
            case SAFETENSORS -> {
                if (givenBits != null) {
                    throw new InvalidRequestException(
                            "--bits is not for safetensors, which hold floating-point numbers");
                }
            }
            default -> {
            }
        }
        if (Stdout.isMeant(output)) {
            if (json) {
                throw new InvalidRequestException("-o - and --json both write to stdout; choose one");
            }
            if (pictures > 1) {
                throw new InvalidRequestException("-o - takes one picture, not " + pictures
                        + "; -o 'x-{n}.png' writes them all");
            }
            if (System.console() != null && System.console().isTerminal()) {
                throw new InvalidRequestException(
                        "-o - writes a PNG to stdout, which is a terminal; send it to a file or"
                                + " another program");
            }
        }
    }

    /** Whether all pictures share a file. */
    boolean isOneFile() {
        return Kind.of(output) == Kind.SAFETENSORS && !OutputNames.isNumbered(output);
    }

    /** Checks that the name of a file for tensors ends in .safetensors; devices and pipes may have any name. */
    static void requireTensors(String option, Path file) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")
                && !OutputFile.isDevice(file)) {
            throw new InvalidRequestException(option + file + ": the output must end in .safetensors");
        }
    }

    int bits() {
        return givenBits == null ? 8 : givenBits;
    }

    boolean rgb() {
        return rgb;
    }

    /** The file for the final latents; null for none. */
    @Nullable
    Path latents() {
        return latents;
    }

    DicomObjects dicom() {
        return dicom;
    }

    /**
     * Refuses options about the form of samples if the film determines it.
     *
     * @param option
     *            the option by which it does
     */
    void requireFilmsForm(String option) {
        if (givenBits != null || rgb) {
            throw new InvalidRequestException((rgb ? "--rgb" : "--bits") + " cannot be combined with " + option
                    + ": the result has the film's own bits and colours");
        }
    }

    /** The output file or folder. */
    Path path() {
        return output;
    }

    /** Whether stdout receives file names, rather than a document or a picture. */
    boolean printsNames() {
        return !json && !Stdout.isMeant(output);
    }

    boolean json() {
        return json;
    }

    /** Whether PNG is written. */
    boolean isPng() {
        return Kind.of(output) == Kind.PNG;
    }

    /** Whether NIfTI is written. */
    boolean isNifti() {
        return Kind.of(output) == Kind.NIFTI;
    }
}
