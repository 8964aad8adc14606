package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.api.SignIn;
import dev.holdfast.api.SignInSetup;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The status page of an operator with published revisions and sign-in: comparison, rollback plan, and sign-out. */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusPagePublishedTest extends ApiCase {
    private static final String BUCKET =
            ",{'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'media'},'lifecycle':{'onDelete':'Delete'},"
                    + "'spec':{'bucketName':'going-media'}}";
    private static final String NETWORK = """
        ,{'apiVersion':'holdfast.dev/v1','kind':'Network','metadata':{'name':'main'},
         'spec':{'cidrBlock':'10.0.0.0/16','zones':%s}}""";

    @Inject
    SignIn signIn;

    private Browser browser;

    @BeforeEach
    void open() throws java.io.IOException {
        if (browser == null) {
            Browser.required();
            Path profile = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "published-");
            browser = Browser.start(root, profile.toAbsolutePath());
        }
        browser.screen(1280, 900, "light");
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private void openWithToken(String hash) {
        browser.open(hash);
        browser.one("#modal[open] input[name=token]");
        browser.run(StatusPageCase.axe());
        isAccessible("the question for the token");
        browser.one("#modal[open] input[name=token]").sendKeys(Installation.TOKEN, Keys.ENTER);
        browser.until("no question", b -> b.all("#modal[open]").isEmpty());
    }

    /** In both colours, and without scrolling sideways on a phone. */
    private void isAccessible(String what) {
        for (String theme : List.of("dark", "light")) {
            browser.screen(360, 740, theme);
            assertThat(StatusPageCase.violations(browser))
                    .as(what + " on a phone, " + theme)
                    .isEqualTo("");
            assertThat((Long) browser.run("return document.querySelector('#modal').scrollWidth"))
                    .as(what)
                    .isLessThanOrEqualTo(360);
            browser.screen(1280, 900, theme);
            assertThat(StatusPageCase.violations(browser))
                    .as(what + ", " + theme)
                    .isEqualTo("");
        }
    }

    private List<String> published() {
        return installation
                .aws(S3Client.class)
                .listObjectsV2(r -> r.bucket(Installation.BUCKET).prefix("desired/stacks/going/"))
                .contents()
                .stream()
                .map(S3Object::toString)
                .toList();
    }

    @Test
    void twoRevisionsAreSeenSideBySideAndTheWayBackWithWhatItLoses() {
        String settings = "'interval':'PT1H',";
        String logs = Installation.LOGS.formatted("going");
        String first = installation
                .publish("going", settings, logs + BUCKET + NETWORK.formatted("['a']"))
                .revision();
        until(
                "/api/v1/stacks/going",
                s -> s.path("status").asText().equals("Synced")
                        && s.path("revision").asText().equals(first));
        String second = installation
                .publish("going", settings, logs.replace("Days':7", "Days':3") + NETWORK.formatted("['a','b']"))
                .revision();
        until(
                "/api/v1/stacks/going",
                s -> s.path("status").asText().equals("Synced")
                        && s.path("revision").asText().equals(second));
        List<String> before = published();

        openWithToken("#/going/revision");
        browser.press("Go back…").says("Back to commit 1?");

        String documents = browser.until(
                        "documents", b -> b.all(".compare .entry").size() == 3)
                .one("#modal[open]")
                .getText();
        assertThat(documents)
                .contains(
                        "Added Bucket/media", "Changed LogGroup/app", "Changed Network/main", "/spec/retentionInDays");
        assertThat(browser.one(".compare .sides .is").getText()).contains("commit 2");
        isAccessible("two revisions as documents");
        browser.one(".compare .chip[aria-pressed=false]").click();
        browser.until("resources", b -> b.all(".compare .entry").size() > 5);
        assertThat(browser.one("#modal[open]").getText()).contains("Removed Subnet/main-", "part of Network/main");

        browser.press("Plan the rollback").says("Losses that the rollback cannot undo");
        String plan = browser.one(".compare section").getText();
        assertThat(plan)
                .contains(
                        "Create Bucket/media",
                        "Bucket/media was deleted since then, and is created again without its objects",
                        "data written since then stay as they are",
                        "This page does not publish",
                        "HOLDFAST_INSTALLATION=inst holdfast rollback --stack going --to " + first.substring(0, 12)
                                + " --desired-state " + Installation.LOCATION);
        assertThat(published()).isEqualTo(before);
        isAccessible("two revisions as resources, and the way back");
        pictures();
        CommandLines.parse(List.of(browser.one(".command pre")
                .getText()
                .replaceFirst(".*holdfast ", "")
                .split(" ")));

        new Select(browser.all(".compare select").get(1)).selectByIndex(0);
        browser.says("Both are the same revision.").press("Close");
        browser.press("Compare…").says("Differences in going");
        assertThat(browser.all(".compare section")).isEmpty();
        assertThat(browser.run("return sessionStorage.clear() ?? 'cleared'")).isEqualTo("cleared");
    }

    /** Takes the screenshots that need a history, which the stacks of ScreenshotsTest do not have. */
    private void pictures() {
        if (Boolean.getBoolean("holdfast.screenshots")) {
            browser.run("document.getElementById('modal').scrollTop = 1e6");
            browser.screenshot(Path.of("docs/images/way-back-light.webp"));
            browser.run("document.getElementById('modal').scrollTop = 0");
            browser.screenshot(Path.of("docs/images/compare-light.webp"));
        }
    }

    @Test
    void aPlanOfNoWayBackIsRefused() {
        String plan = "/api/v1/stacks/held/rollback-plan";
        JsonNode head = get("/api/v1/stacks/held/revisions").json().at("/items/0");

        post(plan, "{}").isProblem(400, "revision");
        post(plan, "{\"revision\":\"abc\"}").isProblem(400, "64 digits");
        post(plan, "{\"revision\":\"" + "ab".repeat(32) + "\"}").isProblem(404, "ab".repeat(32));
        post(plan, "{\"revision\":\"" + head.path("revision").asText() + "\"}")
                .isProblem(409, "already the desired state");
        assertThat(send("POST", plan, "{}", null).status()).isEqualTo(401);
    }

    @Test
    void theFootTellsTheVersionAndHowFarBehindChangeEventsAre() {
        openWithToken("#/tiny");

        String foot = browser.one("footer.foot").getText();
        assertThat(foot)
                .contains(
                        "Holdfast " + VersionProvider.version(), "Change events: off: HOLDFAST_EVENTS names no queue");
        assertThat(browser.all(".who")).isEmpty();
        browser.run("sessionStorage.clear()");
    }

    @Test
    void whoHasSignedInSeesAsWhomAndSignsOut() {
        try (IdentityProvider provider = new IdentityProvider()) {
            SignInSetup.use(signIn, provider.variables());
            provider.person = "olga@example.com";
            provider.groups = List.of("holdfast-read");
            browser.open("login");
            browser.until("her name", b -> b.one(".who").getText().startsWith("olga@example.com"));
            browser.go("#/tiny").says("Last pass");

            browser.press("Sign out");

            browser.one("#modal[open] a.sign-in");
            assertThat(browser.text()).doesNotContain("Last pass", "olga@example.com");
        } finally {
            SignInSetup.use(signIn, Map.of());
        }
    }

    /** A person who signs in with an account without a role has to be able to sign out and use another account. */
    @Test
    void whoHasNoRoleIsToldSoAndSignsOut() {
        try (IdentityProvider provider = new IdentityProvider()) {
            SignInSetup.use(signIn, provider.variables());
            provider.person = "eve@example.com";
            provider.groups = List.of("everybody");
            browser.open("login");
            browser.says("eve@example.com has signed in and lacks the role read");

            browser.press("Sign out");

            browser.one("#modal[open] a.sign-in");
        } finally {
            SignInSetup.use(signIn, Map.of());
        }
    }
}
