package radedit.onnx;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Locale;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;

import org.jspecify.annotations.Nullable;

import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;

/**
 * ONNX Runtime's native library, loaded when the first model is opened: from the folder that the system property
 * {@code onnxruntime.native.path} names, else from {@link NativeFiles}.
 */
final class NativeRuntime {
    private static @Nullable OrtEnvironment environment;
    private static @Nullable String fault;

    private NativeRuntime() {
    }

    /**
     * The environment that all sessions share.
     *
     * @throws ModelException
     *             if the library cannot be loaded on this machine
     */
    static synchronized OrtEnvironment environment() throws ModelException {
        if (environment == null && fault == null) {
            try (NativeFiles _ = NativeFiles.unpack()) {
                OrtEnvironment e = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "radedit");
                e.setTelemetry(false);
                environment = e;
            } catch (OrtException | IOException | RuntimeException | LinkageError e) {
                fault = explain(e, System.getProperty("os.name") + " " + System.getProperty("os.arch"));
            }
        }
        if (environment == null) {
            throw new ModelException(Reason.UNAVAILABLE, String.valueOf(fault));
        }
        return environment;
    }

    /** Why the library does not load, and what else can be done. */
    static String explain(Throwable fault, String machine) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        boolean files = root instanceof FileSystemException;
        String reason = ((files ? root.getClass().getSimpleName() + " " : "") + root.getMessage()).lines().findFirst()
                .orElse("").strip();
        String lower = reason.toLowerCase(Locale.ROOT);
        boolean blocked = files || lower.contains("failed to map") || lower.contains("permission denied")
                || lower.contains("operation not permitted") || lower.contains("no space left");
        return "ONNX Runtime cannot be loaded on " + machine + ": "
                + (reason.length() > 160 ? reason.substring(0, 157) + "..." : reason) + "\n"
                + (blocked
                        ? "its library is unpacked to java.io.tmpdir, from where programs must be allowed to run;"
                                + " -Djava.io.tmpdir=FOLDER names another folder, -Donnxruntime.native.path=FOLDER one"
                                + " with the library"
                        : "it supports Linux with glibc, macOS and Windows on x64, Linux and macOS on ARM; a model behind"
                                + " an http:// address or a file of scores works everywhere");
    }
}
