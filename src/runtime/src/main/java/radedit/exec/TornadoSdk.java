package radedit.exec;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the TornadoVM SDK that the environment names: why the GPU backend cannot run with it, and how to mend
 * that.
 */
public final class TornadoSdk {
    private static final String VARIABLE = "TORNADOVM_HOME";
    /** System property set by the launcher: the message of a JVM that failed to start with the SDK. */
    private static final String START_FAILURE = "radedit.tornado.fault";
    private static final Pattern JDK = Pattern.compile(".*-jdk(\\d+)\\.jar");
    private static final String INSTALL = "install a TornadoVM SDK for JDK " + Runtime.version().feature()
            + " (5.2.0 or later; 'sdk install tornadovm' of SDKMAN does) and point " + VARIABLE + " to it";
    private static final String NOT_BUILT = "this build is without the GPU backend, which the launcher of a source checkout builds"
            + " for ";

    private TornadoSdk() {
    }

    /**
     * {@return why this JVM has no TornadoVM runtime and how to mend that, in one line}
     *
     * @param built
     *            whether the GPU backend is part of this build
     */
    public static String diagnose(boolean built) {
        String sdk = System.getenv(VARIABLE);
        if (sdk == null || sdk.isEmpty()) {
            return "no TornadoVM SDK: " + INSTALL + (built ? "" : "; " + NOT_BUILT + "it");
        }
        Optional<String> defect = defect(Path.of(sdk));
        if (defect.isPresent()) {
            return defect.get() + "; " + INSTALL;
        }
        String startFailure = System.getProperty(START_FAILURE);
        if (startFailure != null) {
            return "JDK " + Runtime.version().feature() + " in " + System.getProperty("java.home")
                    + " does not start with the TornadoVM SDK in " + sdk + " (" + startFailure
                    + "); reinstall the SDK, or install one for"
                    + " this JDK";
        }
        return built
                ? "this JVM was started without TornadoVM's runtime; start with the radedit launcher, or with java"
                        + " @target/tornado-argfile, which the build makes"
                : NOT_BUILT + "the SDK in " + sdk;
    }

    /** Why a folder is not a usable SDK, as a sentence; empty if it is one. */
    static Optional<String> defect(Path sdk) {
        String named = VARIABLE + " names " + sdk;
        if (!Files.isDirectory(sdk)) {
            return Optional.of(named + ", which is not a folder");
        }
        if (sdk.toString().contains(":")) {
            return Optional.of(named + ", whose path contains ':', which a module path cannot contain");
        }
        Optional<String> api = firstJar(sdk.resolve(Path.of("share", "java", "tornado")));
        if (api.isEmpty()) {
            return Optional.of(named
                    + ", which is not a complete TornadoVM SDK: share/java/tornado holds no tornado-api-*.jar");
        }
        Matcher jdk = JDK.matcher(api.get());
        if (jdk.matches() && Integer.parseInt(jdk.group(1)) != Runtime.version().feature()) {
            return Optional.of(named + ", a TornadoVM SDK for JDK " + jdk.group(1) + ", but this is JDK "
                    + Runtime.version().feature());
        }
        if (!Files.isRegularFile(sdk.resolve("tornado-argfile.template"))
                && !Files.isRegularFile(sdk.resolve("tornado-argfile"))) {
            return Optional
                    .of(named + ", which is not a complete TornadoVM SDK: it has neither tornado-argfile.template nor"
                            + " tornado-argfile");
        }
        return Optional.empty();
    }

    /** File name of TornadoVM's API; empty if there is none. */
    private static Optional<String> firstJar(Path folder) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "tornado-api-*.jar")) {
            for (Path p : all) {
                return Optional.of(p.getFileName().toString());
            }
        } catch (IOException e) {
            // no such folder
        }
        return Optional.empty();
    }
}
