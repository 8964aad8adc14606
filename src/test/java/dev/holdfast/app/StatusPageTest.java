package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.engine.OpenedPort;
import dev.holdfast.twin.TwinFault;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The content of the status page, and the actions that it offers. */
@QuarkusTest
class StatusPageTest extends StatusPageCase {
    /** The limit is ample, because the operator notices a closed connection late. */
    private static final Duration STREAM_CLOSES = Duration.ofSeconds(15);

    @Inject
    MeterRegistry registry;

    @Test
    void stacksAreListedAndOpened() {
        browser.open("#/").until("the stacks", b -> b.all(".cards strong").size() == 4);

        assertThat(browser.all(".cards strong"))
                .extracting(WebElement::getText)
                .as("those that need a person first")
                .startsWith("wrong")
                .containsExactlyInAnyOrder("held", "large", "shop", "wrong");
        browser.one(".cards a[href='#/shop']").click();

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

        OpenedPort.toInternet(world.aws(Ec2Client.class), physicalId(), 22);
        world.aws(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames("shop-drifting"));

        browser.says("Repaired in the last 24 hours")
                .says("had been deleted in AWS")
                .says("had been changed");
        String entry = browser.one("article:has(a[href$='SecurityGroup/web'])").getText();
        assertThat(entry).contains("ingress: tcp 22 from 0.0.0.0/0 had been added, and was removed again", "Repaired");
        assertThat(browser.run("return window.notReloaded")).isEqualTo(true);
    }

    @Test
    void anApprovalReleasesAHeldStep() {
        browser.go("#/held")
                .until("both are there", b -> b.all("tbody td .good").size() == 2);
        world.without("held", 1);
        browser.go("#/held/plan").says("1 step waits for a person");
        assertThat(browser.text()).contains("Delete Alarm/goes", "limits.maxDeletes allows, which is 0");

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
        browser.one("#modal[open] input[name=reason]").sendKeys(PageWorld.CANARY + "\u202egnp\u200b");
        browser.one("#modal input[value='15']").click();
        browser.one("#modal button.primary").click();

        browser.says("Alarm/drifting is paused until")
                .until(
                        "its end",
                        b -> b.all(".notice").stream()
                                .anyMatch(n -> n.getText().contains(PageWorld.CANARY + "\\u202egnp\\u200b")
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
    void aPassIsAskedFor() {
        browser.press("Reconcile now").says("A full pass over shop was requested");
    }

    @Test
    void anotherTryIsOfferedWhereOneMayHelp() {
        browser.go("#/shop/resources/Vpc/main");
        browser.one("#drawer[open]");
        assertThat(browser.all("#drawer button"))
                .extracting(WebElement::getText)
                .doesNotContain("Retry");
        world.faults().add("ec2:DescribeVpcs", new TwinFault.Deny());
        try {
            browser.until("a failed read", b -> b.one("#drawer[open]").getText().contains("Unknown"));

            browser.press("Retry").says("Vpc/main will be tried again");
        } finally {
            world.faults().clear();
        }
        browser.until("its recovery", b -> b.one("#drawer[open]").getText().contains("Synced"));
    }

    @Test
    void theTokenIsAskedForOnceAndKeptForTheTabOnly() {
        running.started(running.engine(), PageWorld.TOKEN, false);
        complaintsExpected = true;
        try {
            browser.one("#modal[open] input[name=token]").sendKeys("wrong", Keys.ENTER);
            browser.says("That is not the operator’s token");
            browser.one("#modal[open] input[name=token]")
                    .sendKeys(Keys.chord(Keys.CONTROL, "a"), PageWorld.TOKEN, Keys.ENTER);
            browser.until("no question", b -> b.all("#modal[open]").isEmpty());
            browser.press("Reconcile now").says("A full pass over shop was requested");

            browser.go("#/held")
                    .until("another stack", b -> b.one(".title").getText().contains("held"));
            browser.press("Reconcile now").says("A full pass over held was requested");
            assertThat(browser.run("return sessionStorage.length + ' ' + localStorage.length + document.cookie"))
                    .isEqualTo("1 0");
            // The browser reports each 401 on the console; no other message is allowed.
            assertThat(browser.console()).isNotEmpty().allMatch(line -> line.contains("401"));
        } finally {
            running.started(running.engine(), PageWorld.TOKEN, true);
            browser.run("sessionStorage.clear()");
        }
    }

    @Test
    void withoutTheTokenThePageShowsNothingAndAsksForItAgainWhenTheReaderWants() {
        running.started(running.engine(), PageWorld.TOKEN, false);
        complaintsExpected = true;
        try {
            browser.open("#/shop");
            browser.one("#modal[open] input[name=token]");
            browser.keys(Keys.ESCAPE).says("You have no access to this operator.");
            assertThat(browser.text()).doesNotContain("Alarm/drifting", "held");

            browser.press("Try again…");
            browser.one("#modal[open] input[name=token]").sendKeys(PageWorld.TOKEN, Keys.ENTER);

            browser.until("the resources", b -> b.all("tbody tr").size() == 3)
                    .until("life", b -> b.one(".connection").getText().equals("Live"));
            assertThat(browser.console()).isNotEmpty().allMatch(line -> line.contains("401"));
        } finally {
            running.started(running.engine(), PageWorld.TOKEN, true);
            browser.run("sessionStorage.clear()");
        }
    }

    @Test
    void aLostConnectionIsSaidPlainlyAndMended() {
        complaintsExpected = true;
        browser.offline(true);
        browser.says("Connection lost.").says("This view is from");

        browser.offline(false);

        browser.until("life", b -> b.one(".connection").getText().equals("Live"));
        assertThat(browser.text()).doesNotContain("Connection lost");
    }

    /**
     * A browser keeps a page after navigation for the back button, and it opens at most six connections to one server.
     */
    @Test
    void aPageThatIsLeftLetsGoOfItsStream() {
        for (int visit = 1; visit <= 8; visit++) {
            browser.open("#/shop?visit=" + visit)
                    .until("life", b -> b.one(".connection").getText().equals("Live"));

            await("visit " + visit)
                    .atMost(STREAM_CLOSES)
                    .untilAsserted(() -> assertThat(streams()).isEqualTo(1));
        }
    }

    private double streams() {
        return registry.get("holdfast.streams.open").gauge().value();
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
        assertThat(ids).isSortedAccordingTo(Comparator.reverseOrder());
        browser.press("Alerts")
                .until(
                        "a choice",
                        b -> b.one("button[aria-pressed=true]").getText().startsWith("Alerts"));
    }

    private String physicalId() {
        return running.engine().stacks().get("shop").view().resources().values().stream()
                .filter(r -> r.id().kind().equals("SecurityGroup"))
                .map(r -> String.valueOf(r.physicalId()))
                .findFirst()
                .orElseThrow();
    }
}
