import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

public class Crash_fd8f279eb1eea453e85e1054b95c00cc401fa38b {
    static final String base64Bytes = String.join("", "gAJjcG9zaXgKc3lzdGVtf39/f39/f38rf39/f39/f39/f39/f39/f39/f39/f39/f39/f39/f39/f39/f39/f38AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAH9/f39/fy1/f39/f39/f39/f39/f39/f39/f39/f39/f39/f39/f2ZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmAGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ/f39/fzt/f39/f39/fwpxAFgOAAAAdG91Y2ggZXhlY3V0ZWRxAQJxhVJxAy4=");

    public static void main(String[] args) throws Throwable {
        Crash_fd8f279eb1eea453e85e1054b95c00cc401fa38b.class.getClassLoader().setDefaultAssertionStatus(true);
        try {
            Method fuzzerInitialize = radedit.fuzz.Pickle.class.getMethod("fuzzerInitialize");
            fuzzerInitialize.invoke(null);
        } catch (NoSuchMethodException ignored) {
            try {
                Method fuzzerInitialize = radedit.fuzz.Pickle.class.getMethod("fuzzerInitialize", String[].class);
                fuzzerInitialize.invoke(null, (Object) args);
            } catch (NoSuchMethodException ignored1) {
            } catch (IllegalAccessException | InvocationTargetException e) {
                e.printStackTrace();
                System.exit(1);
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
        byte[] input = java.util.Base64.getDecoder().decode(base64Bytes);
        radedit.fuzz.Pickle.fuzzerTestOneInput(input);
    }
}