package radedit.exec.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.invoke.MethodType;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import radedit.exec.BackendException;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * Checks that this JVM has the Vector API that the kernels were compiled against. It is an incubator module: later JDKs
 * than the one that RadEdit is tested on may have other signatures, another module name, or no such module.
 */
final class VectorApi {
    private static final String MODULE = "jdk.incubator.vector";
    private static final String PACKAGE = "jdk/incubator/vector/";
    /** The JDK whose Vector API the kernels were compiled against; only others are checked. */
    private static final int TESTED = 25;

    private VectorApi() {
    }

    /**
     * @param feature
     *            the JDK's feature number
     * @throws BackendException
     *             if the Vector API is missing or incompatible, with the way to mend it
     */
    static void check(int feature) {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            if (ModuleFinder.ofSystem().find(MODULE).isPresent()) {
                throw new BackendException("the cpu backend needs the JVM flag --add-modules " + MODULE
                        + " (the radedit launcher passes it)");
            }
            throw incompatible("has no module " + MODULE);
        }
        String missing = feature == TESTED ? null : missingMember();
        if (missing != null) {
            throw incompatible("has no " + missing);
        }
    }

    /** How to mend an incompatible Vector API. */
    private static BackendException incompatible(String why) {
        return new BackendException(Message.of("the cpu backend needs the Vector API of JDK " + TESTED + "; Java "
                + Runtime.version() + " in " + System.getProperty("java.home") + " " + why + ". Run RadEdit on a JDK "
                + TESTED + ", or use ", Setting.BACKEND, " reference, which is much slower"));
    }

    /** A member of the Vector API that the kernels use but this JDK lacks; null if it has them all. */
    static @Nullable String missingMember() {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of(name(CpuBackend.class)));
        String ours = name(VectorApi.class).replaceAll("[^/]+$", "");
        while (!open.isEmpty()) {
            for (PoolEntry e : ClassFile.of().parse(bytes(open.pop())).constantPool()) {
                if (e instanceof ClassEntry c && c.asInternalName().startsWith(ours) && seen.add(c.asInternalName())) {
                    open.push(c.asInternalName());
                }
                if (e instanceof MemberRefEntry m && m.owner().asInternalName().startsWith(PACKAGE) && !has(m)) {
                    return m.owner().asInternalName().substring(PACKAGE.length()) + "." + m.name() + " of type "
                            + m.type();
                }
            }
        }
        return null;
    }

    private static boolean has(MemberRefEntry m) {
        try {
            Class<?> owner = Class.forName(m.owner().asInternalName().replace('/', '.'), false,
                    VectorApi.class.getClassLoader());
            String name = m.name().stringValue();
            if (m instanceof FieldRefEntry) {
                return owner.getField(name).getType().descriptorString().equals(m.type().stringValue());
            }
            return Stream.of(owner.getMethods(), Object.class.getMethods()).flatMap(Stream::of)
                    .anyMatch(x -> x.getName().equals(name) && descriptor(x).equals(m.type().stringValue()));
        } catch (ReflectiveOperationException | LinkageError e) {
            return false;
        }
    }

    private static String descriptor(Method m) {
        return MethodType.methodType(m.getReturnType(), m.getParameterTypes()).descriptorString();
    }

    private static String name(Class<?> c) {
        return c.getName().replace('.', '/');
    }

    private static byte[] bytes(String name) {
        try (InputStream in = VectorApi.class.getResourceAsStream("/" + name + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
