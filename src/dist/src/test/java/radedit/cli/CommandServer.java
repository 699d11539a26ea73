package radedit.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import picocli.CommandLine;

/**
 * Runs command lines that scripts send it, in the folder it was started in, one after the other: pages have dozens of them, and
 * a JVM for each would take a minute. {@link DocCommandsTest} starts it with the folder for answers, and the project's.
 *
 * <p>
 * A request is a count and as many words, each ended by a zero byte; the first word is the program's name. The answer is the exit
 * code; what was printed is in the files {@code out} and {@code err}.
 */
final class CommandServer {
    private static final Set<String> GOALS = Set.of("verify", "package", "install", "test", "formatter:format",
            "process-classes", "process-test-classes");
    private static final Set<String> FLAGS = Set.of("-q", "-B", "-ntp", "-am", "-DskipTests");

    private final Path answers;
    private final Path project;

    private CommandServer(Path answers, Path project) {
        this.answers = answers;
        this.project = project;
    }

    public static void main(String[] args) throws IOException {
        CommandServer server = new CommandServer(Path.of(args[0]), Path.of(args[1]));
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            System.out.println(socket.getLocalPort());
            while (true) {
                try (Socket s = socket.accept()) {
                    server.answer(s);
                }
            }
        }
    }

    private void answer(Socket s) throws IOException {
        InputStream in = new BufferedInputStream(s.getInputStream());
        List<String> words = new ArrayList<>();
        for (int n = Integer.parseInt(word(in)); n > 0; n--) {
            words.add(word(in));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = words.subList(1, words.size()).toArray(String[]::new);
        int code = words.getFirst().equals("mvnw")
                ? maven(args, new PrintWriter(err, true))
                : radedit(args, new PrintWriter(out, true), new PrintWriter(err, true));
        Files.writeString(answers.resolve("out"), out.toString());
        Files.writeString(answers.resolve("err"), err.toString());
        s.getOutputStream().write((code + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String word(InputStream in) throws IOException {
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        for (int b = in.read(); b > 0; b = in.read()) {
            word.write(b);
        }
        return word.toString(StandardCharsets.UTF_8);
    }

    /** The command line has to be one as it stands; what then runs is the same with few steps. */
    private static int radedit(String[] args, PrintWriter out, PrintWriter err) {
        try {
            Main.commandLine(out, err).parseArgs(args);
        } catch (CommandLine.ParameterException e) {
            err.println(e.getMessage());
            return Exit.USAGE;
        }
        return Main.run(quick(args), out, err);
    }

    private static String[] quick(String[] args) {
        return switch (args[0]) {
            case "generate", "edit", "demo" -> with(args, "--steps", "2");
            case "bench" -> with(args, "--runs", "1");
            default -> args;
        };
    }

    private static String[] with(String[] args, String option, String value) {
        List<String> all = new ArrayList<>(List.of(args));
        int at = all.indexOf(option);
        if (at >= 0) {
            all.subList(at, at + 2).clear();
        }
        all.add(option);
        all.add(value);
        return all.toArray(String[]::new);
    }

    /** Maven is not run, but what the command names has to exist: goals, modules and tests. */
    private int maven(String[] args, PrintWriter err) throws IOException {
        for (int i = 0; i < args.length; i++) {
            String a = args[i];
            boolean known = GOALS.contains(a) || FLAGS.contains(a)
                    || a.equals("-Dsurefire.failIfNoSpecifiedTests=false")
                    || a.equals("-pl") && Files.exists(project.resolve(args[++i]).resolve("pom.xml"))
                    || a.startsWith("-Dtest=") && hasTest(a.substring(7))
                    || a.startsWith("-P") && pom().contains("<id>" + a.substring(2) + "</id>")
                    || a.matches("-D\\w+=\\w+") && pom().contains("${" + a.substring(2, a.indexOf('=')) + "}");
            if (!known) {
                err.println("mvnw: " + args[i]);
                return Exit.USAGE;
            }
        }
        return Exit.OK;
    }

    /** The text of the poms that have profiles and properties for the command line. */
    private String pom() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String module : new String[]{".", "src/fuzz", "src/testkit"}) {
            all.append(Files.readString(project.resolve(module).resolve("pom.xml")));
        }
        return all.toString();
    }

    private boolean hasTest(String name) throws IOException {
        try (Stream<Path> all = Files.walk(project.resolve("src"))) {
            return all.anyMatch(f -> f.endsWith(name + ".java"));
        }
    }
}
