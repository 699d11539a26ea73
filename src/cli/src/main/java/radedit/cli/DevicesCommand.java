package radedit.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import radedit.exec.BackendProvider;
import radedit.exec.Backends;

/** radedit devices. */
@Command(name = "devices", mixinStandardHelpOptions = true, description = "Lists the devices networks can run on, one per line.")
final class DevicesCommand implements Callable<Integer> {
    @Option(names = "--json", description = "print one JSON document, nothing else, on stdout")
    private boolean json;

    @Option(names = "--precompile", description = "compile and test all kernels now, so that drivers that cache compiled kernels start faster")
    private boolean precompile;

    @Mixin
    private ConsoleListener console;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (precompile) {
            return precompile();
        }
        List<Row> rows = new ArrayList<>();
        for (BackendProvider p : Backends.providers()) {
            try {
                List<String> devices = p.devices();
                for (int i = 0; i < devices.size(); i++) {
                    rows.add(new Row(p.name(), i, devices.get(i), true));
                }
            } catch (BackendException e) {
                rows.add(new Row(p.name(), 0, OptionNames.in(e), false));
            }
        }
        if (json) {
            spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(
                    Map.of("devices", rows.stream().map(Row::document).toList())));
            return Exit.OK;
        }
        for (Row r : rows) {
            spec.commandLine().getOut().printf("%-10s %s  %s%s%n", r.backend, r.usable ? r.number : "-",
                    r.usable ? "" : "not available: ", r.device);
        }
        return Exit.OK;
    }

    private int precompile() throws IOException {
        BackendOptions options = new BackendOptions(0, false, console.to(spec.commandLine().getErr())::progress);
        Map<String, String> done = new LinkedHashMap<>();
        for (BackendProvider p : Backends.providers()) {
            p.prepare(options).ifPresent(line -> done.put(p.name(), line));
        }
        if (done.isEmpty()) {
            throw new BackendException("no backend of this build has kernels to compile");
        }
        if (json) {
            spec.commandLine().getOut().println(OutputOptions.JSON.writeValueAsString(done));
        } else if (!console.quiet()) {
            done.forEach((name, line) -> spec.commandLine().getOut().println(name + "  " + line));
        }
        return Exit.OK;
    }

    /** A device, or the reason why a backend has none. */
    private record Row(String backend, int number, String device, boolean usable) {
        Map<String, Object> document() {
            Map<String, Object> d = new LinkedHashMap<>();
            d.put("backend", backend);
            d.put("number", number);
            d.put("device", device);
            d.put("usable", usable);
            return d;
        }
    }
}
