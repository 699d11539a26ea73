package radedit.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;

/** The tests of the page's modules, src/serve/src/test/js, which need a JavaScript engine alone. */
class ModulesTest {
    @Test
    void allHold() throws Exception {
        HttpServer files = SimpleFileServer.createFileServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Path.of("src/serve/src").toAbsolutePath(), SimpleFileServer.OutputLevel.NONE);
        files.start();
        try (Page page = Shared.page()) {
            page.driver.get("http://localhost:" + files.getAddress().getPort() + "/test/js/");
            @SuppressWarnings("unchecked")
            List<Map<String, Object>> results = (List<Map<String, Object>>) page.asyncScript(
                    "const { run } = await import('/test/js/harness.js'); await import('/test/js/all.js'); return run()");
            assertEquals(List.of(), results.stream().filter(r -> r.get("error") != null).toList());
            assertTrue(results.size() >= 20, results.size() + " tests were found");
        } finally {
            files.stop(0);
        }
    }
}
