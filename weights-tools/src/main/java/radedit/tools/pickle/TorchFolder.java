package radedit.tools.pickle;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

import radedit.files.Messages;
import radedit.safetensors.FormatException;

/** The folder in a zip archive into which torch.save puts everything; repacked archives may have lost it. */
final class TorchFolder {
    static final String PICKLE = "data.pkl";
    /** Files that archivers of some systems add. */
    private static final List<String> EXTRAS = List.of(".DS_Store", "Thumbs.db", "desktop.ini");
    private static final String EXTRA_FOLDER = "__MACOSX/";
    private static final Pattern WEIGHTS = Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt)");

    private TorchFolder() {
    }

    /**
     * Finds the folder.
     *
     * @param entries
     *            names of all entries
     * @return its name with a trailing slash; empty if the archive has none
     * @throws FormatException
     *            if the archive is not from torch.save
     */
    static String find(Path path, Collection<String> entries) throws FormatException {
        List<String> own = entries.stream()
                .filter(n -> !n.startsWith(EXTRA_FOLDER) && EXTRAS.stream().noneMatch(n::endsWith)).toList();
        List<String> pickles = own.stream().filter(n -> n.equals(PICKLE) || n.endsWith("/" + PICKLE)
                && n.indexOf('/') == n.length() - PICKLE.length() - 1).toList();
        if (pickles.size() != 1) {
            throw new FormatException(path,
                    "a zip archive, but not one of torch.save" + (pickles.isEmpty() ? missing(own) : ""));
        }
        String top = pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
        if (entries.contains(top + "constants.pkl")) {
            throw new FormatException(path, "a TorchScript archive (torch.jit.save), which holds a program; save the"
                    + " model's state_dict() with torch.save");
        }
        if (own.stream().anyMatch(n -> !n.startsWith(top))) {
            throw new FormatException(path, "a zip archive, but not one of torch.save");
        }
        return top;
    }

    private static String missing(List<String> entries) {
        return entries.stream().filter(n -> WEIGHTS.matcher(n).matches()).findFirst()
                .map(n -> "; it holds " + Messages.printable(n) + ": unpack it first").orElse(" (it has no data.pkl)");
    }
}
