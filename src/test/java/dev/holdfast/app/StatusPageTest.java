package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.RunningEngine;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The status page as people meet it: in a real browser, over HTTP, of a daemon that works on a twin. */
@QuarkusTest
@TestProfile(StatusPageTest.Own.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusPageTest {
    /** A boot of its own: the daemon under test is this one's. */
    public static final class Own implements QuarkusTestProfile {}

    private static final List<String> VIEWS = List.of("resources", "drift", "plan", "graph", "events", "revision");

    @Inject
    Parts parts;

    @Inject
    Daemon daemon;

    @Inject
    RunningEngine running;

    @TestHTTPResource
    URI root;

    private PageWorld world;
    private Browser browser;
    private boolean complaintsExpected;

    @BeforeEach
    void start() {
        if (browser == null) {
            Browser.required();
            String fast = "'interval':'PT3S',";
            world = new PageWorld(parts, 1000)
                    .stack("shop", fast, PageWorld.vpc(), PageWorld.group("web"), PageWorld.alarm("shop", "drifting"))
                    .stack(
                            "held",
                            fast + "'limits':{'maxDeletes':0},",
                            PageWorld.vpc(),
                            PageWorld.alarm("held", "goes"))
                    .stack("large", "'mode':'Observe','interval':'PT1H',", PageWorld.logGroups(PageWorld.MANY))
                    .stack("wrong", fast, PageWorld.document("Vpc", "main", "'cidrBlok':'10.0.0.0/16'"));
            browser = Browser.start(root, world.profile());
            daemon.start(world.operator(), AlertSettings.NONE, true, event -> {});
            browser.open("").until("the stacks", b -> b.all(".cards li").size() == 4);
        }
        browser.screen(1280, 900, "light");
        browser.open("#/shop")
                .until(
                        "all Synced",
                        b -> b.all("tbody tr").size() == 3
                                && b.all("tbody td .good").size() == 3);
        browser.console();
        complaintsExpected = false;
    }

    @AfterEach
    void askedNobodyElseAndComplainedOfNothing() {
        if (browser != null && world != null) {
            browser.asksNobodyElse();
            if (!complaintsExpected) {
                assertThat(browser.console()).isEmpty();
            }
            assertThat(browser.run("return window.canary ?? null")).isNull();
        }
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        daemon.stop(new ShutdownEvent());
        if (world != null) {
            world.close();
        }
    }

    @Test
    void stacksAreListedAndOpened() {
        browser.open("#/").until("the stacks", b -> b.all(".cards strong").size() == 4);

        assertThat(browser.all(".cards strong"))
                .extracting(WebElement::getText)
                .containsExactly("held", "large", "shop", "wrong");
        browser.one(".cards a[href='#/shop/resources']").click();

        browser.until("the resources", b -> b.all("tbody tr").size() == 3);
        assertThat(browser.all("tbody th"))
                .extracting(WebElement::getText)
                .containsExactly("Alarm/drifting", "SecurityGroup/web", "Vpc/main");
        assertThat(browser.text()).contains(PageWorld.ACCOUNT, PageWorld.REGION, "Last pass", "Requests");
    }

    @Test
    void aResourceIsShownWhole() {
        browser.one("a[href$='SecurityGroup/web']").click();

        String shown = browser.one("#drawer[open]").getText();
        assertThat(shown)
                .contains("Ready: True", "Outputs", "Desired", "\"fromPort\": 443", "Depends on", "Vpc/main", "sg-");
        assertThat(browser.one("#drawer .pairs").getText()).contains("Observed", "Last change", "revision");
    }

    @Test
    void whatIsBrokenShowsInTheDriftReportByItself() {
        browser.go("#/shop/drift").says("Nothing has drifted");
        browser.run("window.notReloaded = true");

        world.aws(Ec2Client.class)
                .authorizeSecurityGroupIngress(r -> r.groupId(physicalId())
                        .ipPermissions(
                                p -> p.ipProtocol("tcp").fromPort(22).toPort(22).ipRanges(i -> i.cidrIp("0.0.0.0/0"))));
        world.aws(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames("shop-drifting"));

        browser.says("Repaired in the last 24 hours").says("was gone from AWS").says("had been changed");
        String entry = browser.one("article:has(a[href$='SecurityGroup/web'])").getText();
        assertThat(entry)
                .contains("/ingress/tcp:22:", "changed behind our back", "\"fromPort\": 22", "nothing", "Repaired");
        assertThat(browser.run("return window.notReloaded")).isEqualTo(true);
    }

    private String physicalId() {
        return running.engine().stacks().get("shop").view().resources().values().stream()
                .filter(r -> r.id().kind().equals("SecurityGroup"))
                .map(r -> String.valueOf(r.physicalId()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anApprovalReleasesAHeldStep() {
        world.without("held", 1);
        browser.go("#/held/plan").says("1 step waiting for approval");
        assertThat(browser.text()).contains("Delete Alarm/goes", "limits.maxDeletes is 0");

        browser.press("Approve…")
                .until("the question", b -> !b.all("#modal[open]").isEmpty());
        assertThat(browser.one("#modal").getText()).contains("Delete Alarm/goes", "held-goes");
        browser.press("Approve");

        browser.says("1 step approved").says("The plan is empty");
        assertThat(world.aws(CloudWatchClient.class).describeAlarms().metricAlarms())
                .noneMatch(a -> a.alarmName().equals("held-goes"));
    }

    @Test
    void aPauseSaysWhyAndUntilWhenAndIsEnded() {
        browser.go("#/shop/resources/Alarm/drifting");
        browser.one("#drawer[open]");
        browser.press("Pause…");
        browser.one("#modal[open] input[name=reason]").sendKeys(PageWorld.CANARY);
        browser.one("#modal input[value='15']").click();
        browser.one("#modal button.primary").click();

        browser.says("Alarm/drifting is paused until")
                .until(
                        "its end",
                        b -> b.all(".notice").stream()
                                .anyMatch(n -> n.getText().contains(PageWorld.CANARY)
                                        && n.getText().contains("in 1")));
        browser.press("Resume");

        browser.says("is no longer paused")
                .until("no notice", b -> b.all(".notice").isEmpty());
    }

    @Test
    void theWholeStackIsPausedAndResumed() {
        browser.press("Pause stack…");
        browser.one("#modal[open] input[name=reason]").sendKeys("incident 12", Keys.ENTER);

        browser.says("The stack is paused:")
                .until("its status", b -> b.one(".title").getText().contains("Paused"));
        browser.press("Resume stack")
                .until("no pause", b -> b.one(".title").getText().contains("Synced"));
    }

    @Test
    void aPassAndAnotherTryAreAskedFor() {
        browser.press("Reconcile now").says("A full pass over shop was requested");
        browser.go("#/shop/resources/Vpc/main");
        browser.one("#drawer[open]");
        browser.press("Retry").says("Vpc/main will be tried again");
    }

    @Test
    void theTokenIsAskedForOnceAndKeptForTheTabOnly() {
        running.started(running.engine(), PageWorld.TOKEN, false);
        complaintsExpected = true;
        try {
            browser.press("Reconcile now");
            browser.one("#modal[open] input[name=token]").sendKeys("wrong", Keys.ENTER);
            browser.says("That is not the operator’s token");
            browser.one("#modal[open] input[name=token]")
                    .sendKeys(Keys.chord(Keys.CONTROL, "a"), PageWorld.TOKEN, Keys.ENTER);
            browser.says("A full pass over shop was requested");

            browser.go("#/shop/resources/Vpc/main");
            browser.one("#drawer[open]");
            browser.press("Retry").says("Vpc/main will be tried again");
            assertThat(browser.run("return sessionStorage.length + ' ' + localStorage.length + document.cookie"))
                    .isEqualTo("1 0");
            // The browser says of each 401 that it came; nothing else may be said.
            assertThat(browser.console()).hasSize(2).allMatch(line -> line.contains("401"));
        } finally {
            running.started(running.engine(), PageWorld.TOKEN, true);
        }
    }

    @Test
    void aLostConnectionIsSaidPlainlyAndMended() {
        complaintsExpected = true;
        browser.offline(true);
        browser.says("Connection lost.").says("What you see is from");

        browser.offline(false);

        browser.until("life", b -> b.one(".connection").getText().equals("Live"));
        assertThat(browser.text()).doesNotContain("Connection lost");
    }

    @Test
    void aRefusedRevisionShowsItsMistakes() {
        browser.go("#/wrong/revision").says("2 mistakes in the revision that was refused");

        assertThat(browser.one(".problems").getText()).contains("wrong/docs/0.json:1:", "cidrBlok", "cidrBlock");
    }

    @Test
    void theGraphDrawsWhatDependsOnWhat() {
        browser.go("#/shop/graph").until("the boxes", b -> b.all("a.node").size() == 3);

        assertThat(browser.all("path.edge")).hasSize(1);
        browser.one("a.node[aria-label^='SecurityGroup/web']").sendKeys(Keys.ENTER);
        assertThat(browser.one("#drawer[open] h2").getText()).contains("web");
    }

    @Test
    void eventsAreATimeline() {
        browser.go("#/shop/events").until("events", b -> b.all(".timeline li").size() > 3);

        List<String> ids = browser.all(".timeline time").stream()
                .map(t -> t.getAttribute("datetime"))
                .toList();
        assertThat(ids).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        browser.press("Alerts")
                .until(
                        "a choice",
                        b -> b.one("button[aria-pressed=true]").getText().startsWith("Alerts"));
    }

    @Test
    void theKeyboardIsEnough() {
        browser.run("document.activeElement.blur()");
        WebElement link = browser.tabTo("Alarm/drifting");
        assertThat(link.getCssValue("outline-style")).isEqualTo("solid");

        browser.keys(Keys.ENTER);
        browser.one("#drawer[open]");
        assertThat(browser.run("return document.activeElement.closest('#drawer') !== null"))
                .isEqualTo(true);
        browser.tabTo("Pause…");
        browser.keys(Keys.ENTER);
        browser.one("#modal[open]");
        assertThat(browser.focused().getAttribute("name")).isEqualTo("reason");

        browser.keys(Keys.ESCAPE)
                .until("the drawer alone", b -> b.all("#modal[open]").isEmpty());
        assertThat(browser.focused().getText()).isEqualTo("Pause…");
        browser.keys(Keys.ESCAPE)
                .until("the page alone", b -> b.all("#drawer[open]").isEmpty());
        assertThat(browser.focused().getText()).isEqualTo("Alarm/drifting");
        browser.keys("/");
        assertThat(browser.focused().getAttribute("id")).isEqualTo("filter");
    }

    @Test
    void aThousandResourcesAreFiltered() {
        browser.go("#/large")
                .until(
                        "all rows",
                        b -> b.run("return document.querySelectorAll('tbody tr').length")
                                .equals((long) PageWorld.MANY));

        Object millis = browser.run("""
            const field = document.getElementById('filter'), start = performance.now();
            field.value = 'service-77'; field.dispatchEvent(new Event('input'));
            return performance.now() - start;\
            """);
        browser.until("those that match", b -> b.all("tbody tr").size() == 11);

        assertThat(browser.text()).contains("11 of 1000");
        assertThat(((Number) millis).doubleValue()).isLessThan(1000);
        browser.go("#/large/graph").says("too many to draw at once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void everyViewIsAccessible(String theme) {
        browser.screen(1280, 900, theme);
        browser.run(axe());
        for (String view : VIEWS) {
            browser.go("#/shop/" + view)
                    .until(
                            view,
                            b -> b.one("section.view")
                                    .getAttribute("aria-label")
                                    .equals(view));
            assertThat(violations()).as(view + " " + theme).isEqualTo("");
        }
        browser.go("#/shop/resources/SecurityGroup/web").one("#drawer[open]");
        assertThat(violations()).as("a resource, " + theme).isEqualTo("");
        browser.press("Pause…").one("#modal[open]");
        assertThat(violations()).as("a question, " + theme).isEqualTo("");
    }

    private static String axe() {
        try (InputStream script = StatusPageTest.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Object violations() {
        return browser.await("""
            const done = arguments[0];
            axe.run().then(result => done(result.violations.map(v => v.id + ': ' + v.help + ': '
              + v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')).join('\\n')));\
            """);
    }

    @Test
    void aPhoneNeedsNoScrollingSideways() {
        browser.screen(360, 740, "light");
        for (String view : VIEWS) {
            browser.go("#/shop/" + view)
                    .until(
                            view,
                            b -> b.one("section.view")
                                    .getAttribute("aria-label")
                                    .equals(view));
            assertThat(width()).as(view).isLessThanOrEqualTo(360);
        }
        browser.go("#/shop/resources/SecurityGroup/web").one("#drawer[open]");
        assertThat(width()).as("a resource").isLessThanOrEqualTo(360);
        assertThat((Long) browser.run("return document.querySelector('#drawer').scrollWidth"))
                .isLessThanOrEqualTo(360);
    }

    private long width() {
        return (Long) browser.run("return document.documentElement.scrollWidth");
    }

    @Test
    void textIsNeverTakenForMarkup() {
        browser.go("#/shop/resources/Alarm/drifting");

        String spec = browser.one("#drawer[open] .spec").getText();
        assertThat(spec).contains("<img src=x onerror=", "<script>window.canary=2</script>${1+1}{{1}}");
        assertThat(browser.all("img, #page script")).isEmpty();
    }

    @Test
    void compositesHoldWhatTheyMade() {
        Object groups = browser.await("""
            const done = arguments[0];
            const one = (name, owner, status) => ({ kind: 'Subnet', metadata: { name, owner }, status: { status } });
            import('/app/tree.js').then(tree => done(tree.groups([one('alone', null, 'Synced'), one('b', 'Network/main', 'Synced'),
              one('a', 'Network/main', 'Stalled')]).map(g => `${g.owner} ${g.status} ${g.members.length}`).join(', ')));\
            """);
        Object edges = browser.await("""
            const done = arguments[0];
            import('/app/layout.js').then(l => done(JSON.stringify([l.reduced([['a','b'],['b','c'],['a','c'],['c','a'],['d','a'],['d','c']]),
              [...l.around('b', [['a','b'],['b','c'],['x','c']])]])));\
            """);

        assertThat(groups).isEqualTo("Network/main Stalled 2, null Synced 1");
        assertThat(edges).isEqualTo("[[[\"a\",\"b\"],[\"b\",\"c\"],[\"c\",\"a\"],[\"d\",\"c\"]],[\"b\",\"c\",\"a\"]]");
    }

    @Test
    void nothingInlineOrForeignIsAllowed() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> page =
                    http.send(HttpRequest.newBuilder(root).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                    .startsWith("default-src 'self';")
                    .doesNotContain("unsafe");
            assertThat(page.headers().map()).containsKeys("X-Content-Type-Options", "Referrer-Policy");
            assertThat(page.body()).doesNotContain("http:", "https:", "style=", "onclick");
        }
    }
}
