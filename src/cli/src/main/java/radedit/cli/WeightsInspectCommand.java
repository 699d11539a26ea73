package radedit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import radedit.files.Messages;
import radedit.tools.Inspect;
import radedit.tools.WeightFile;

/** radedit weights inspect. */
@Command(name = "inspect", mixinStandardHelpOptions = true, description = {
        "Lists the tensors of a checkpoint with its configuration and SHA-256.",
        "Prints each tensor's name, shape, type and size.",
        "Reads safetensors and files of torch.save (.bin, .pt, .pth, .ckpt), without executing anything in them."})
final class WeightsInspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "F|DIR", description = "a file of weights, a part's folder or a model folder")
    private Path path;

    @Option(names = "--key", paramLabel = "K", description = "which state dict to read, if a training checkpoint holds several: its key, or its path of keys such as model.ema; '.' is the outermost")
    private @Nullable String key;

    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        List<Inspect.Contents> all = Inspect.list(path, key);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(OutputOptions.JSON.writeValueAsString(
                    Map.of("parts", all.stream().map(WeightsInspectCommand::document).toList())));
        } else if (!console.quiet()) {
            all.forEach(c -> print(c, out));
        }
        return Exit.OK;
    }

    private static void print(Inspect.Contents c, PrintWriter out) {
        out.println((c.part() == null ? "" : c.part() + ": ") + c.path() + ", " + c.format());
        for (WeightFile f : c.files()) {
            out.println("  " + line(f));
        }
        if (c.config() != null) {
            for (Map.Entry<String, JsonNode> e : c.config().properties()) {
                out.println("  " + Messages.printable(e.getKey() + " = " + e.getValue()));
            }
        }
        String row = "%-" + width(c, r -> Messages.printable(r.name())) + "s  %-" + width(c, r -> r.dtype().name())
                + "s  %-" + width(c, r -> r.shape().toString()) + "s  %12d bytes%n";
        for (Inspect.Row r : c.tensors()) {
            out.printf(row, Messages.printable(r.name()), r.dtype(), r.shape(), r.bytes());
        }
        c.leftOut().forEach(l -> out.println("  besides the tensors: " + l));
        out.printf("%d tensors, %d parameters, %d bytes%n", c.tensors().size(), c.parameters(), c.bytes());
    }

    private static int width(Inspect.Contents c, Function<Inspect.Row, String> column) {
        return c.tensors().stream().mapToInt(r -> column.apply(r).length()).max().orElse(1);
    }

    /** A file's hash in the format of sha256sum, and which published file it is. */
    static String line(WeightFile f) {
        return f.sha256() + "  " + f.path().getFileName() + (f.known() == null ? "" : "  (" + f.known() + ")");
    }

    private static Map<String, Object> document(Inspect.Contents c) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("part", c.part());
        m.put("path", c.path().toString());
        m.put("format", c.format());
        m.put("files", c.files().stream().map(WeightsInspectCommand::document).toList());
        m.put("config", c.config());
        m.put("tensors", c.tensors().stream().map(WeightsInspectCommand::document).toList());
        m.put("left_out", c.leftOut());
        m.put("parameters", c.parameters());
        m.put("bytes", c.bytes());
        return m;
    }

    private static Map<String, Object> document(Inspect.Row r) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("name", r.name());
        m.put("dtype", r.dtype().name());
        m.put("shape", r.shape().toArray());
        m.put("elements", r.shape().elements());
        m.put("bytes", r.bytes());
        m.put("file", r.file().getFileName().toString());
        return m;
    }

    static Map<String, Object> document(WeightFile f) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("path", f.path().toString());
        m.put("bytes", f.bytes());
        m.put("sha256", f.sha256());
        m.put("known", f.known());
        return m;
    }
}
