package radedit.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import radedit.exec.BackendException;
import radedit.exec.BackendProvider;
import radedit.exec.Backends;
import radedit.exec.HostMemory;

/** radedit doctor. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = {
        "Reports what this installation can use and how to fix what it cannot, one line each.",
        "Succeeds if networks can run at all, with or without a GPU."})
final class DoctorCommand implements Callable<Integer> {
    /** The JDK that all tests run on. */
    private static final int TESTED = 25;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        line("ok", "java",
                Runtime.version() + untested(Runtime.version().feature()) + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors, "
                        + (HostMemory.available() >> 20) + " MB free for networks");
        boolean works = false;
        for (BackendProvider p : Backends.providers()) {
            try {
                line("ok", p.name(), String.join("; ", p.devices()));
                works |= p.priority() >= 0;
            } catch (BackendException e) {
                line("no", p.name(), OptionNames.in(e));
            }
        }
        return works ? Exit.OK : Exit.BACKEND;
    }

    /** What is said of a JDK's version beside it. */
    static String untested(int feature) {
        return feature == TESTED ? "" : " (RadEdit is tested on JDK " + TESTED + ")";
    }

    private void line(String state, String what, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-3s %-10s %s%n", state, what, text);
    }
}
