package radedit.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.PointerInput;
import org.openqa.selenium.interactions.Sequence;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in a Chromium of its own, which has kept nothing at first. A Chromium that is closed serves the next page. */
final class Page implements AutoCloseable {
    static final Duration LONGEST = Duration.ofSeconds(90);
    /** Selenium warns of Chromium newer than itself, of which it would know fewer commands; none of these is used. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(Level.SEVERE);
    }

    /** Chromiums that show no page. */
    private static final Deque<ChromeDriver> FREE = new ArrayDeque<>();

    final ChromeDriver driver;
    private final Path downloads;
    private final String origin;

    /** Opens the page and waits until it is ready. */
    Page(ServeProcess server, Path folder) throws IOException {
        downloads = Files.createDirectories(folder.resolve("downloads"));
        origin = server.page().resolve("/").toString();
        driver = FREE.isEmpty() ? start(folder, downloads) : FREE.pop();
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
        screen(1280, 800, 1);
        open(server.page().toString());
    }

    private static ChromeDriver start(Path folder, Path downloads) throws IOException {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(Chromium.browser().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars",
                "--user-data-dir=" + Files.createTempDirectory(folder, "profile"), "--window-size=1280,800");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString()));
        ChromeDriver started = new ChromeDriver(new ChromeDriverService.Builder()
                .usingDriverExecutable(Chromium.driver().toFile()).usingAnyFreePort().build(), options);
        Runtime.getRuntime().addShutdownHook(new Thread(started::quit));
        return started;
    }

    /** Sets the size of the window in CSS pixels and the screen's pixels per CSS pixel. */
    void screen(int width, int height, double ratio) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", ratio, "mobile", false));
        frames();
    }

    /** Waits until what was changed is drawn: the canvas takes its size before the next frame. */
    void frames() {
        driver.executeAsyncScript(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    void open(String address) {
        driver.get(address);
        await("the page", () -> "true".equals(script("return document.body.dataset.ready")));
    }

    void reload() {
        driver.navigate().refresh();
        await("the page", () -> "true".equals(script("return document.body.dataset.ready")));
    }

    Object script(String body, Object... arguments) {
        return driver.executeScript(body, arguments);
    }

    /** Runs the body of an asynchronous function. */
    Object asyncScript(String body, Object... arguments) {
        Object result = driver.executeAsyncScript(
                "const done = arguments[arguments.length - 1];" + "(async (...args) => {" + body
                        + "})(...arguments).then((v) => done({ value: v }), (e) => done({ error: String(e && e.stack || e) }))",
                arguments);
        Map<?, ?> m = (Map<?, ?>) result;
        if (m.get("error") != null) {
            throw new AssertionError(m.get("error"));
        }
        return m.get("value");
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    void click(String css) {
        find(css).click();
    }

    String text(String css) {
        return (String) script("return document.querySelector(arguments[0]).textContent", css);
    }

    /** Waits until something holds. */
    void await(String what, Supplier<Boolean> holds) {
        long end = System.nanoTime() + LONGEST.toNanos();
        RuntimeException last = null;
        while (System.nanoTime() < end) {
            try {
                if (holds.get()) {
                    return;
                }
                last = null;
            } catch (org.openqa.selenium.WebDriverException e) {
                last = e;
            }
            try {
                Thread.sleep(25);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("waited in vain for " + what + "; messages: "
                + script("return document.querySelector('#messages').textContent") + "; problem: " + text("#problem"),
                last);
    }

    /** Drops a file on the film, as from a folder of the desktop, and waits until it is open. */
    void drop(Path file) throws IOException {
        String before = film();
        script("""
                const [name, base64] = arguments;
                const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], name));
                document.querySelector('#view').dispatchEvent(
                    new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
                """, file.getFileName().toString(), Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
        await("the film " + file.getFileName(), () -> !film().isEmpty() && !film().equals(before));
    }

    /** The id of the film that is open; empty if none is. */
    String film() {
        return (String) script(
                "return new URLSearchParams(location.hash.slice(1)).get('film') && document.querySelector('#drop').hidden ? new URLSearchParams(location.hash.slice(1)).get('film') : ''");
    }

    /** A mask of the open film as this browser keeps it: one level per pixel, 0 to 255. */
    byte[] mask(String role) {
        String base64 = (String) asyncScript("""
                const [film, role] = args;
                const db = await new Promise((ok, no) => {
                  const r = indexedDB.open('radedit', 1);
                  r.onsuccess = () => ok(r.result);
                  r.onerror = () => no(r.error);
                });
                const kept = await new Promise((ok, no) => {
                  const r = db.transaction('masks').objectStore('masks').get([film, role]);
                  r.onsuccess = () => ok(r.result);
                  r.onerror = () => no(r.error);
                });
                db.close();
                let text = '';
                for (const v of kept.levels) text += String.fromCharCode(v);
                return btoa(text);
                """, film(), role);
        return Base64.getDecoder().decode(base64);
    }

    /** Where the film lies in the window: x = left + column * scale, y = top + row * scaleY, in CSS pixels. */
    record Place(double left, double top, double scale, double scaleY) {
        double x(double column) {
            return left + column * scale;
        }

        double y(double row) {
            return top + row * scaleY;
        }
    }

    Place place() {
        List<?> p = (List<?>) script(
                "const v = document.querySelector('#view'); const r = v.getBoundingClientRect(); return [r.left + Number(v.dataset.left), r.top + Number(v.dataset.top), Number(v.dataset.scale), Number(v.dataset.scaleY)]");
        return new Place(((Number) p.get(0)).doubleValue(), ((Number) p.get(1)).doubleValue(),
                ((Number) p.get(2)).doubleValue(), ((Number) p.get(3)).doubleValue());
    }

    /**
     * Presses the pointer at the first of some points of the window, moves it through the others and releases it.
     *
     * @return where the browser says that it was, which on a screen of fractional scale is not quite what was asked for
     */
    double[][] stroke(PointerInput.Kind kind, int[]... points) {
        script("""
                window.seen = [];
                window.see ??= (e) => window.seen.push([e.clientX, e.clientY]);
                for (const t of ['pointerdown', 'pointermove']) {
                  document.removeEventListener(t, window.see, true);
                  document.addEventListener(t, window.see, true);
                }
                """);
        PointerInput pointer = new PointerInput(kind, kind.toString());
        Sequence s = new Sequence(pointer, 0);
        PointerInput.Origin window = PointerInput.Origin.viewport();
        s.addAction(pointer.createPointerMove(Duration.ZERO, window, points[0][0], points[0][1]));
        s.addAction(pointer.createPointerDown(PointerInput.MouseButton.LEFT.asArg()));
        for (int i = 1; i < points.length; i++) {
            s.addAction(pointer.createPointerMove(Duration.ZERO, window, points[i][0], points[i][1]));
        }
        s.addAction(pointer.createPointerUp(PointerInput.MouseButton.LEFT.asArg()));
        driver.perform(List.of(s));
        List<?> seen = (List<?>) script("return window.seen");
        double[][] out = new double[seen.size()][];
        for (int i = 0; i < out.length; i++) {
            List<?> p = (List<?>) seen.get(i);
            out[i] = new double[]{((Number) p.get(0)).doubleValue(), ((Number) p.get(1)).doubleValue()};
        }
        return out;
    }

    /** Presses a key while the film has the focus. */
    void key(CharSequence keys) {
        find("#view").sendKeys(keys);
    }

    /** Sets a control as a person does, and tells the page. */
    void set(String css, Object value) {
        script("const e = document.querySelector(arguments[0]); e.value = arguments[1]; e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true }))",
                css, String.valueOf(value));
    }

    /** Sets the diameter of the brush. */
    void brush(int size) {
        Object found = script("""
                const slider = document.querySelector('#size');
                for (let i = 0; i <= slider.max; i++) {
                  slider.value = i;
                  slider.dispatchEvent(new Event('input', { bubbles: true }));
                  if (document.querySelector('#size-value').value === arguments[0]) return true;
                }
                return false;
                """, size + " px");
        if (!Boolean.TRUE.equals(found)) {
            throw new AssertionError("there is no brush of " + size + " pixels");
        }
    }

    /** Writes the prompt, starts, and waits for the result. */
    void edit(String prompt, int steps) {
        set("#panel-edit textarea", prompt);
        set("#edit-steps", steps);
        click("#start");
        await("the result", () -> (Boolean) script("return !document.querySelector('#outcome').hidden"));
    }

    /** Clicks a download of the result and waits for the file. */
    Path download(String label) throws IOException {
        return download(By.xpath("//section[@id='outcome']//a[text()='" + label + "']"));
    }

    /** Clicks what downloads a file and waits for it. */
    Path download(By what) throws IOException {
        try (var old = Files.list(downloads)) {
            for (Path p : old.toList()) {
                Files.delete(p);
            }
        }
        driver.findElement(what).click();
        Path[] found = new Path[1];
        await("the download", () -> {
            try (var files = Files.list(downloads)) {
                found[0] = files
                        .filter(p -> !p.toString().endsWith(".crdownload")
                                && !p.getFileName().toString().startsWith("."))
                        .findFirst()
                        .orElse(null);
                return found[0] != null;
            } catch (IOException e) {
                return false;
            }
        });
        return found[0];
    }

    /** What the browser's console says since it was last asked. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::getMessage).toList();
    }

    /** What the screen shows, in its own pixels. */
    byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    @Override
    public void close() {
        driver.get("about:blank");
        driver.executeCdpCommand("Storage.clearDataForOrigin", Map.of("origin", origin, "storageTypes", "all"));
        driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
        console();
        FREE.push(driver);
    }
}
