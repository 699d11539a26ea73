package radedit.cli;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Set;

import picocli.CommandLine.Option;
import radedit.message.Message;
import radedit.pipeline.Listener;

/** Reports on stderr: warnings always, progress on a terminal or on request. */
final class ConsoleListener implements Listener {
    @Option(names = "--quiet", description = "print errors only")
    private boolean quiet;

    @Option(names = "--progress", description = "show progress even if stderr is not a terminal")
    private boolean progress;

    @SuppressWarnings("UnusedVariable") // Main asks the parser
    @Option(names = "--verbose", description = "print an error's stack trace")
    private boolean verbose;

    private final Set<String> noted = new HashSet<>();
    private PrintWriter err = new PrintWriter(System.err, true);
    private String phase = "";
    private long started;
    private int startedAt;
    private boolean open;

    boolean quiet() {
        return quiet;
    }

    /** Sets the output stream. */
    ConsoleListener to(PrintWriter stream) {
        this.err = stream;
        return this;
    }

    @Override
    public void warning(String message) {
        if (!quiet) {
            endLine();
            err.println("radedit: warning: " + message);
        }
    }

    @Override
    public void warning(Message message) {
        warning(OptionNames.in(message));
    }

    @Override
    public void note(String message) {
        if (!quiet && noted.add(message)) {
            endLine();
            err.println("radedit: " + message);
        }
    }

    @Override
    public void memory(long needed, long available) {
        if (shows()) {
            err.printf("%-10s %d MB of %d MB%n", "memory", needed >> 20, available >> 20);
        }
    }

    private boolean shows() {
        return !quiet && (progress || System.console() != null && System.console().isTerminal());
    }

    @Override
    public void progress(String what, int done, int total) {
        if (!shows()) {
            return;
        }
        if (!what.equals(phase)) {
            endLine();
            phase = what;
            started = System.nanoTime();
            startedAt = done;
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        int fresh = done - startedAt;
        StringBuilder line = new StringBuilder(String.format("%-10s %d/%d", what, done, total));
        if (fresh > 0 && total > 1) {
            double each = seconds / fresh;
            line.append(each >= 1 ? String.format("  %.1f s each", each) : String.format("  %.1f a second", 1 / each));
            if (done < total) {
                line.append("  ").append(time(each * (total - done))).append(" left");
            }
        } else if (done == total) {
            line.append(String.format("  %.1f s", seconds));
        }
        boolean terminal = System.console() != null && System.console().isTerminal();
        if (terminal) {
            err.print("\r" + line + "\u001b[K");
            err.flush();
            open = true;
        } else {
            err.println(line);
        }
        if (done == total) {
            endLine();
            phase = "";
        }
    }

    /** Erases a progress line before other output. */
    void clearLine() {
        if (open) {
            err.print("\r\u001b[K");
            err.flush();
            open = false;
        }
    }

    private void endLine() {
        if (open) {
            err.println();
            open = false;
        }
    }

    private static String time(double seconds) {
        long s = Math.round(seconds);
        return s >= 3600
                ? String.format("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
                : String.format("%d:%02d", s / 60, s % 60);
    }
}
