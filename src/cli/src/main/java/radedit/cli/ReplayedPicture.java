package radedit.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

import radedit.certificate.Check;
import radedit.certificate.Replay;

/** Makes pictures of a certificate again with the command replay. */
final class ReplayedPicture implements Replay {
    private static final String COMMAND = "replay";

    private final List<String> options = new ArrayList<>();

    /**
     * @param model
     *            the model to use; null for the one that the picture names
     * @param search
     *            folders in which films and masks are looked for
     */
    ReplayedPicture(@Nullable String model, List<Path> search) {
        if (model != null) {
            options.add("--model");
            options.add(model);
        }
        for (Path folder : search) {
            options.add("--search");
            options.add(folder.toString());
        }
    }

    @Override
    public Check run(String what, Path picture) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true));
        List<String> words = new ArrayList<>(List.of(COMMAND, picture.toString()));
        words.addAll(options);
        int code = line.execute(words.toArray(String[]::new));
        return check(what, code, out.toString(), err.toString());
    }

    /** What the command's exit code and its messages mean. */
    static Check check(String what, int code, String out, String err) {
        return switch (code) {
            case Exit.OK -> new Check(what, Check.Outcome.HOLDS, "the same to the bit");
            case Exit.CHECK -> new Check(what, Check.Outcome.FAILED, "differs: " + first(out));
            default -> new Check(what, Check.Outcome.UNCHECKED,
                    "cannot be made again here: " + first(err).replaceFirst("^radedit: ", ""));
        };
    }

    private static String first(String text) {
        return text.lines().filter(s -> !s.startsWith("radedit: warning")).findFirst().orElse("no reason was given");
    }
}
