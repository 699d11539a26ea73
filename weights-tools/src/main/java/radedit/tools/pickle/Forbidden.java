package radedit.tools.pickle;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names that run commands, code or other pickles, open files or use the network when Python loads the file. No training
 * script leaves one in a checkpoint, so such a file is an attack on whoever loads it. It is refused as a whole, although
 * nothing is called here. Every other unknown name becomes a {@link StandIn}.
 */
final class Forbidden {
    /** Modules of Python and PyTorch. */
    private static final Set<String> MODULES = Set.of("os", "os.path", "posix", "nt", "subprocess", "_posixsubprocess",
            "commands", "popen2", "pty", "sys", "imp", "pkgutil", "zipimport", "runpy", "code", "codeop", "bdb", "pdb",
            "timeit", "trace", "profile", "cProfile", "doctest", "pydoc", "cgitb", "socket", "_socket", "socketserver",
            "ssl",
            "http.client", "http.server", "httplib", "urllib2", "urllib.request", "ftplib", "smtplib", "telnetlib",
            "webbrowser", "shutil", "fileinput", "pickle", "_pickle", "cPickle", "marshal", "shelve", "sqlite3", "site",
            "ensurepip", "venv", "logging.config", "atexit", "torch.hub", "torch.utils.model_zoo",
            "torch.utils.cpp_extension");
    /** Modules that are reachable through others which import them, as in torch.serialization.os. */
    private static final Set<String> REACHED = Set.of("os", "posix", "nt", "subprocess", "sys", "pty", "socket",
            "shutil",
            "ctypes", "importlib", "pickle", "marshal", "runpy", "builtins", "__builtin__", "__builtins__");
    /** Packages with all their contents. */
    private static final Set<String> PACKAGES = Set.of("importlib", "_frozen_importlib", "_frozen_importlib_external",
            "ctypes", "_ctypes", "cffi", "_cffi_backend", "asyncio", "xmlrpc", "requests", "httpx", "aiohttp",
            "idlelib",
            "dbm", "distutils", "setuptools", "pip", "IPython", "numpy.testing", "numpy.f2py", "numpy.distutils",
            "torch._inductor", "torch.package");
    private static final Set<String> BUILTINS = Set.of("builtins", "__builtin__", "__builtins__");
    private static final Set<String> FUNCTIONS = Set.of("eval", "exec", "execfile", "compile", "open", "file", "input",
            "raw_input", "__import__", "breakpoint", "apply", "globals", "locals", "vars", "reload");
    private static final Set<String> NAMES = Set.of("torch.load", "torch.serialization.load",
            "torch.serialization._load",
            "torch.serialization._legacy_load", "torch.storage._load_from_bytes", "torch.jit.load",
            "torch.jit._serialization.load", "io.open", "io.open_code", "io.FileIO", "_io.open", "_io.open_code",
            "_io.FileIO", "codecs.open", "numpy.load", "numpy.fromfile", "numpy.loadtxt", "numpy.genfromtxt",
            "numpy.lib.npyio.load", "pandas.read_pickle", "pandas.eval", "pandas.io.pickle.read_pickle", "joblib.load",
            "joblib.numpy_pickle.load", "dill.load", "dill.loads", "dill._dill.load", "dill._dill.loads",
            "cloudpickle.load",
            "cloudpickle.loads", "yaml.load", "yaml.unsafe_load", "yaml.full_load");
    /** Facts about a machine that scripts may store, as plain tuples; and names that dill writes with each function. */
    private static final Set<String> HARMLESS = Set.of("os.stat_result", "posix.stat_result", "os.uname_result",
            "posix.uname_result", "os.terminal_size", "os.times_result", "posix.times_result", "sys.version_info",
            "sys.float_info", "sys.hash_info", "sys.int_info", "sys.thread_info", "__main__.__dict__");
    /** Python's special attributes, through which everything can be reached. */
    private static final Pattern SPECIAL = Pattern.compile("__\\w+__");
    /** Special attributes in pickles of honest objects. */
    private static final Set<String> ORDINARY = Set.of("__new__", "__newobj__", "__newobj_ex__");

    private Forbidden() {
    }

    /**
     * Whether a name is forbidden, or leads through a forbidden one.
     *
     * @param module
     *            as in the file; may have dots
     * @param name
     *            as in the file; may have dots
     */
    static boolean is(String module, String name) {
        String whole = module + "." + name;
        if (HARMLESS.contains(whole)) {
            return false;
        }
        return NAMES.contains(whole) || isModule(module) || passesForbidden(name)
                || BUILTINS.contains(last(module)) && FUNCTIONS.contains(name.split("\\.", 2)[0]);
    }

    /** Whether no honest pickle requests this attribute of an object. */
    static boolean isAttribute(String name) {
        return SPECIAL.matcher(name).matches() && !ORDINARY.contains(name) || REACHED.contains(name);
    }

    private static boolean isModule(String module) {
        if (MODULES.contains(module) || module.indexOf('.') >= 0 && REACHED.contains(last(module))) {
            return true;
        }
        for (int dot = module.indexOf('.'); dot >= 0; dot = module.indexOf('.', dot + 1)) {
            if (PACKAGES.contains(module.substring(0, dot))) {
                return true;
            }
        }
        return PACKAGES.contains(module);
    }

    /** Whether a dotted name passes a forbidden one, as in "nn.os.system" of torch, or "Size.__init__.__globals__". */
    private static boolean passesForbidden(String name) {
        String[] steps = name.split("\\.", -1);
        for (String step : steps) {
            if (SPECIAL.matcher(step).matches() && !ORDINARY.contains(step)
                    || REACHED.contains(step)) {
                return true;
            }
        }
        return false;
    }

    private static String last(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }
}
