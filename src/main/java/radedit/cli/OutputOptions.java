package radedit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import picocli.CommandLine.Option;
import radedit.imaging.dicom.SecondaryCapture;
import radedit.pipeline.InvalidRequestException;
import radedit.files.OutputFile;
import radedit.pipeline.Result;
import radedit.tensor.DType;
import radedit.weights.SafetensorsWriter;

/** Where pictures go, and in what form. */
final class OutputOptions {
    static final ObjectMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(SerializationFeature.INDENT_OUTPUT).build();
    static final ObjectMapper ONE_LINE = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    @Option(names = {"-o",
            "--output"}, paramLabel = "OUT", required = true, converter = Outputs.Converter.class, description = "x.png, x.dcm, x.nii, x.nii.gz, x.safetensors or a folder; several pictures become x-1.png, x-2.png, ...")
    private Path output;

    @Option(names = "--rgb", description = "write three channels instead of grey")
    private boolean rgb;

    @Option(names = "--bits", paramLabel = "N", description = "bits of a sample of PNG, DICOM and NIfTI: 8 or 16 (default: 8)")
    private Integer givenBits;

    @Option(names = "--latents", paramLabel = "F", description = "write the final latent too (safetensors)")
    private Path latents;

    @Option(names = "--json", description = "print one JSON document about the result, nothing else, on stdout")
    private boolean json;

    /** What DICOM objects say of the film that the pictures come from. */
    private DicomObjects dicom = new DicomObjects(null, null);

    /** Whether DICOM objects are to be written. */
    boolean isDicom() {
        return !Files.isDirectory(output) && kind(output).equals("dcm");
    }

    void derivedFrom(DicomObjects objects) {
        dicom = objects;
    }

    /**
     * Finds out whether the results can be written, before the work.
     *
     * @param inputs
     *            files that must not be overwritten; null for none
     */
    void check(Path... inputs) throws IOException {
        if (bits() != 8 && bits() != 16) {
            throw new InvalidRequestException("--bits must be 8 or 16, not " + givenBits);
        }
        Outputs.requireDistinct("", output, inputs);
        Outputs.requireDistinct("", latents, inputs);
        Outputs.requireDistinct("", output, latents);
        if (latents != null) {
            requireTensors("--latents ", latents);
            OutputFile.check(latents);
        }
        if (Files.isDirectory(output)) {
            if (!Files.isWritable(output)) {
                throw new IOException(output + ": cannot be written to");
            }
        } else {
            if (kind(output).equals("dcm") && rgb && bits() == 16) {
                throw new InvalidRequestException("DICOM holds colours of 8 bits; --rgb needs --bits 8 there");
            }
            if (kind(output).equals("nifti") && rgb) {
                throw new InvalidRequestException("NIfTI holds grey pictures; --rgb needs PNG or safetensors");
            }
            OutputFile.check(output);
        }
    }

    private static String kind(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return "png";
        }
        if (name.endsWith(".safetensors")) {
            return "safetensors";
        }
        if (name.endsWith(".nii") || name.endsWith(".nii.gz")) {
            return "nifti";
        }
        if (name.endsWith(".dcm")) {
            return "dcm";
        }
        if (OutputFile.isDevice(file)) {
            return "png"; // a device or pipe has no ending
        }
        throw new InvalidRequestException(
                file + ": the output must end in .png, .dcm, .nii, .nii.gz or .safetensors, or"
                        + " be a folder that exists");
    }

    /** Makes sure that a file which takes tensors is called so; a device or pipe may have any name. */
    static void requireTensors(String option, Path file) {
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")
                && !OutputFile.isDevice(file)) {
            throw new InvalidRequestException(option + file + ": the output must end in .safetensors");
        }
    }

    private int bits() {
        return givenBits == null ? 8 : givenBits;
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

    /** Whether stdout takes the names of files, and not one document. */
    boolean speaks() {
        return !json;
    }

    /** Whether it goes into PNG files. */
    boolean isPng() {
        return Files.isDirectory(output) || kind(output).equals("png");
    }

    /** Whether it goes into a NIfTI file. */
    boolean isNifti() {
        return !Files.isDirectory(output) && kind(output).equals("nifti");
    }

    /** Writes a result and says so. */
    void write(Result result, double seconds, PrintWriter out, boolean quiet) throws IOException {
        List<Path> written = new ArrayList<>();
        if (!Files.isDirectory(output) && kind(output).equals("safetensors")) {
            SafetensorsWriter w = new SafetensorsWriter().add("image", DType.F32, result.images());
            w.metadata("radedit", ONE_LINE.writeValueAsString(result.settings()));
            if (result.edited() != null && result.edited().restored() != null) {
                PictureFile.addStored(w, result.edited().restored().stored());
            }
            OutputFile.write(output, w::writeTo);
            written.add(output);
        } else {
            SecondaryCapture.Series series = SecondaryCapture.Series.begin();
            for (int i = 0; i < result.count(); i++) {
                Path file = place(i, result.count());
                String kind = kind(file);
                if (kind.equals("dcm")) {
                    OutputFile.write(file, dicom.of(series, result, i, bits(), rgb)::writeTo);
                } else {
                    PictureFile content = PictureFile.of(result, i, bits(), rgb);
                    OutputFile.write(file, stream -> content.writeTo(stream, kind.equals("nifti"),
                            file.toString().toLowerCase(Locale.ROOT).endsWith(".gz")));
                }
                written.add(file);
            }
        }
        if (latents != null) {
            SafetensorsWriter w = new SafetensorsWriter().add("latent", DType.F32, result.latents());
            OutputFile.write(latents, w::writeTo);
        }
        report(result, written, seconds, out, quiet);
    }

    private Path place(int index, int count) {
        String number = "-" + (index + 1);
        if (Files.isDirectory(output)) {
            return output.resolve("radedit" + (count == 1 ? "" : number) + ".png");
        }
        if (count == 1) {
            return output;
        }
        String name = output.getFileName().toString();
        int dot = name.toLowerCase(Locale.ROOT).endsWith(".nii.gz") ? name.length() - 7 : name.lastIndexOf('.');
        return output.resolveSibling(name.substring(0, dot) + number + name.substring(dot));
    }

    private void report(Result result, List<Path> written, double seconds, PrintWriter out, boolean quiet)
            throws IOException {
        if (json) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("outputs", written.stream().map(Path::toString).toList());
            if (latents != null) {
                document.put("latents", latents.toString());
            }
            document.put("seconds", Math.round(seconds * 1000) / 1000.0);
            document.put("images", result.settings());
            out.println(JSON.writeValueAsString(document));
        } else if (!quiet) {
            for (Path p : written) {
                out.println(p);
            }
        }
    }
}
