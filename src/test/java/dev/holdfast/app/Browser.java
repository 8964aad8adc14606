package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real headless browser that records its console and its requests. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The first one has no windows and no services of its own, and takes a fraction of the processor time. */
    private static final String[] BROWSERS = {
        "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"
    };

    private static final String[] DRIVERS = {"/usr/bin/chromedriver", "/usr/local/bin/chromedriver"};

    private final ChromeDriver driver;
    private final URI root;

    private Browser(ChromeDriver driver, URI root) {
        this.driver = driver;
        this.root = root;
    }

    /** Skips the test if there is no browser, but never in CI. */
    static void required() {
        Programs.oneOf(BROWSERS);
        Programs.oneOf(DRIVERS);
    }

    /**
     * A program that starts the browser with an empty page. ChromeDriver waits for a page, and the headless shell opens
     * none by itself.
     *
     * @param directory in which the program is written
     */
    private static Path withPage(Path browser, Path directory) {
        try {
            Path script = Files.createDirectories(directory).resolve("browser");
            Files.writeString(script, "#!/bin/sh\nexec " + browser + " \"$@\" about:blank\n");
            return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Browser start(URI root, Path profile) {
        Path browser = Programs.oneOf(BROWSERS);
        Path driver = Programs.oneOf(DRIVERS);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(withPage(browser, profile).toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--lang=en-GB",
                "--window-size=1280,900",
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        logs.enable(LogType.PERFORMANCE, java.util.logging.Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .usingAnyFreePort()
                .build();
        Browser started = new Browser(new ChromeDriver(service, options), root);
        // The browser's own first page makes requests that do not count.
        started.leave();
        started.requested();
        return started;
    }

    /** Leaves the page, so that it requests nothing more. */
    void leave() {
        driver.get("about:blank");
    }

    /** Loads the page at this address again. */
    Browser open(String hash) {
        leave();
        driver.get(root + hash);
        until("the page to come", b -> !b.all("header.top").isEmpty());
        return this;
    }

    /** Navigates there without loading the page again. */
    Browser go(String hash) {
        run("location.hash = arguments[0]", hash);
        return this;
    }

    Browser until(String what, Predicate<Browser> condition) {
        new WebDriverWait(driver, PATIENCE, POLL)
                .ignoring(StaleElementReferenceException.class)
                .withMessage(() -> "waiting for " + what + " in:\n" + text())
                .until(d -> condition.test(this));
        return this;
    }

    /** Waits until the page contains the text. */
    Browser says(String text) {
        return until("'" + text + "'", b -> b.text().contains(text));
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    WebElement one(String css) {
        until(css, b -> !b.all(css).isEmpty());
        return driver.findElement(By.cssSelector(css));
    }

    /** Presses the button or link with this name as soon as it exists. */
    Browser press(String name) {
        By by = By.xpath("//*[self::button or self::a][starts-with(normalize-space(.), '" + name + "')]");
        until(name, b -> driver.findElements(by).stream().anyMatch(WebElement::isDisplayed));
        driver.findElements(by).stream()
                .filter(WebElement::isDisplayed)
                .reduce((first, last) -> last)
                .orElseThrow()
                .click();
        return this;
    }

    Browser keys(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        return this;
    }

    /** Presses Tab until the element with this name has the focus. */
    WebElement tabTo(String name) {
        for (int i = 0; i < 120; i++) {
            keys(Keys.TAB);
            WebElement here = driver.switchTo().activeElement();
            if (here.getText().strip().startsWith(name) || name.equals(here.getAttribute("aria-label"))) {
                return here;
            }
        }
        throw new AssertionError("no Tab leads to " + name);
    }

    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    Object run(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    /** @param script ends by calling {@code arguments[arguments.length - 1]} with its result */
    Object await(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return ((JavascriptExecutor) driver).executeAsyncScript(script, arguments);
    }

    Browser screen(int width, int height, String theme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", theme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        return this;
    }

    Browser offline(boolean off) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", off, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
        return this;
    }

    /** @param file WebP, which is a third of the same picture as PNG */
    void screenshot(Path file) {
        Object data = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "webp", "quality", 82))
                .get("data");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode(String.valueOf(data)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The messages on the console since the last call. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(e -> e.getLevel() + " " + e.getMessage())
                .toList();
    }

    /** Every address that was requested since the last call. */
    List<String> requested() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(e -> parsed(e.getMessage()).path("message"))
                .filter(m -> m.path("method").asText().equals("Network.requestWillBeSent"))
                .map(m -> m.path("params").path("request").path("url").asText())
                .filter(url -> !url.startsWith("about:"))
                .toList();
    }

    void asksNobodyElse() {
        List<String> requested = requested();
        assertThat(requested).isNotEmpty().allMatch(url -> url.startsWith(root.toString()), "from " + root);
        assertThat(requested).noneMatch(url -> url.contains(PageWorld.TOKEN));
    }

    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
