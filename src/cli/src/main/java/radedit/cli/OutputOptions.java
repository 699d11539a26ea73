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

import picocli.CommandLine.Option;
import radedit.files.OutputFile;
import radedit.pipeline.InvalidRequestException;

/** Where pictures go, and in what form. */
final class OutputOptions {
    static final ObjectMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(SerializationFeature.INDENT_OUTPUT).build();

    /** What the pictures' file says of its content by its ending. */
    enum Kind {
        PNG, DICOM, NIFTI, SAFETENSORS;

        /** The kind that a file of this name has. */
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
                return PNG; // a device or pipe has no ending
            }
            throw new InvalidRequestException(
                    file + ": the output must end in .png, .dcm, .nii, .nii.gz or .safetensors, or"
                            + " be a folder that exists");
        }
    }

    /** What --bits may be. */
    static final class Depths extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Depths() {
            super(List.of("8", "16"));
        }
    }

    @Option(names = {"-o",
            "--output"}, paramLabel = "OUT", required = true, converter = Outputs.Converter.class, description = "x.png, x.dcm, x.nii, x.nii.gz, x.safetensors, a folder, or - for a PNG on stdout; several pictures become x-1.png, x-2.png, ...; the name may be a pattern with {n}, {seed}, {prompt} or {film} in it, as film-{seed}-{n:03}.png, where 03 fills up to three digits with zeros; {{ and }} stand for braces")
    private Path output;

    @Option(names = "--overwrite", paramLabel = "NAME", description = "no or yes: replace files that exist (default: yes for a name, no in a folder)")
    private Overwrite overwrite;

    @Option(names = "--rgb", description = "write three channels instead of grey")
    private boolean rgb;

    @Option(names = "--bits", paramLabel = "N", completionCandidates = Depths.class, description = "bits of a sample of PNG, DICOM and NIfTI: 8 or 16 (default: 8)")
    private Integer givenBits;

    @Option(names = "--latents", paramLabel = "F", description = "write the final latent too (safetensors)")
    private Path latents;

    @Option(names = "--json", description = "print one JSON document about the result, nothing else, on stdout")
    private boolean json;

    /** What DICOM objects say of the film that the pictures come from. */
    private DicomObjects dicom = new DicomObjects(null, null);

    /** Whether DICOM objects are to be written. */
    boolean isDicom() {
        return Kind.of(output) == Kind.DICOM;
    }

    void derivedFrom(DicomObjects objects) {
        dicom = objects;
    }

    /**
     * Finds out whether the results can be written, before the work.
     *
     * @param pictures
     *            what their names are made of
     * @param inputs
     *            files that must not be overwritten; null for none
     * @return where they will go
     */
    OutputNames check(List<OutputNames.Labels> pictures, Path... inputs) throws IOException {
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
                throw new InvalidRequestException("-o - and --json both want stdout; choose one");
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

    /** Whether all pictures go into one file. */
    boolean isOneFile() {
        return Kind.of(output) == Kind.SAFETENSORS && !OutputNames.isNumbered(output);
    }

    /** Makes sure that a file which takes tensors is called so; a device or pipe may have any name. */
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

    /** Where the final latents go; null for nowhere. */
    Path latents() {
        return latents;
    }

    DicomObjects dicom() {
        return dicom;
    }

    /**
     * Makes sure that nothing is asked of the form of samples, since the film decides it.
     *
     * @param option
     *            that which makes the film decide
     */
    void requireFilmsForm(String option) {
        if (givenBits != null || rgb) {
            throw new InvalidRequestException((rgb ? "--rgb" : "--bits") + " does not go with " + option
                    + ": the result has the film's own bits and colours");
        }
    }

    /** Where the result goes. */
    Path path() {
        return output;
    }

    /** Whether stdout takes the names of files, and not one document or a picture. */
    boolean speaks() {
        return !json && !Stdout.isMeant(output);
    }

    boolean json() {
        return json;
    }

    /** Whether it goes into PNG files. */
    boolean isPng() {
        return Kind.of(output) == Kind.PNG;
    }

    /** Whether it goes into a NIfTI file. */
    boolean isNifti() {
        return Kind.of(output) == Kind.NIFTI;
    }
}
