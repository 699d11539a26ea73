package radedit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import radedit.pipeline.InvalidRequestException;
import radedit.signature.ModelFiles;
import radedit.weights.WeightsException;

/** Which files of a model are signed or compared with a signature. */
final class ModelFilesOptions {
    @Parameters(paramLabel = "MODEL", description = "a model's folder, or a file")
    private Path model;

    @Option(names = "--ignore-paths", paramLabel = "PATH", description = "leave out a file or folder of the model; may be repeated (always left out: .git, .gitattributes, .github, .gitignore and the signature)")
    private List<Path> ignored = new ArrayList<>();

    @Option(names = "--allow-symlinks", description = "take links to files as the files, as in the cache of a hub")
    private boolean links;

    Path model() {
        return model;
    }

    /** The files without those to be ignored and the signature's. */
    ModelFiles files(Path signature) throws IOException {
        if (!Files.exists(model)) {
            throw new WeightsException(model + ": no such file or folder");
        }
        ModelFiles files = new ModelFiles(model, links);
        for (Path path : ignored) {
            if (!files.ignore(path)) {
                throw new InvalidRequestException("--ignore-paths " + path + ": is not in " + model);
            }
        }
        files.ignore(signature);
        return files;
    }
}
