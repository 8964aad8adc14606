package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Takes the documentation's screenshots of the status page with the repository's own desired state. */
@QuarkusTest
@EnabledIfSystemProperty(named = "holdfast.screenshots", matches = "true")
class ScreenshotsTest extends ApplicationCase {
    private static final Path IMAGES = Path.of("docs/images");
    private static final String STACK = System.getProperty("holdfast.screenshots.stack", "dev");

    @Test
    void thePageInItsViews() {
        Browser.required();
        try (PageWorld world = new PageWorld(parts, 300).copyOf(Path.of("desired-state"));
                Browser browser = Browser.start(root, world.profile())) {
            daemonWorksFor(world, world::operator, true);
            Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> view() != null && view().converged());
            breakSomething(world);
            running.engine().stacks().get(STACK).requestFull();
            browser.open("#/" + STACK);
            browser.go("#/" + STACK + "/drift")
                    .says("Repaired in the last 24 hours")
                    .says("was gone from AWS");

            browser.screen(1280, 900, "light").go("#/" + STACK + "/resources").one("table.tree");
            browser.one("button.fold[aria-label^='Network/main']").click();
            browser.screenshot(IMAGES.resolve("resources-light.png"));
            browser.go("#/" + STACK + "/drift").says("had been").screenshot(IMAGES.resolve("drift-light.png"));
            browser.screen(1280, 900, "dark").go("#/" + STACK + "/graph").one("a.node");
            browser.screenshot(IMAGES.resolve("graph-dark.png"));
            browser.screen(360, 740, "light").go("#/" + STACK + "/resources").says("Filter");
            browser.screenshot(IMAGES.resolve("phone-light.png"));
            browser.screen(360, 740, "dark")
                    .go("#/" + STACK + "/resources/" + group().id())
                    .one("#drawer[open] .spec");
            browser.screenshot(IMAGES.resolve("phone-dark.png"));
            daemon.stop(new ShutdownEvent());
        }
        assertThat(IMAGES).isDirectoryContaining(Files::isRegularFile);
    }

    private StackView view() {
        var stack = running.engine().stacks().get(STACK);
        return stack == null ? null : stack.view();
    }

    private ResourceView first(String kind) {
        return view().resources().values().stream()
                .filter(r -> r.id().kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private ResourceView group() {
        return first("SecurityGroup");
    }

    private void breakSomething(PageWorld world) {
        world.aws(Ec2Client.class)
                .authorizeSecurityGroupIngress(r -> r.groupId(group().physicalId())
                        .ipPermissions(
                                p -> p.ipProtocol("tcp").fromPort(22).toPort(22).ipRanges(i -> i.cidrIp("0.0.0.0/0"))));
        world.aws(CloudWatchClient.class)
                .deleteAlarms(r -> r.alarmNames(first("Alarm").physicalId()));
    }
}
