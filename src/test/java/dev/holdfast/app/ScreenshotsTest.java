package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.OpenedPort;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Status;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * Takes the documentation's screenshots of every view of the status page: light, dark and on a phone. They show a stack
 * of some 60 resources with events, and a stack of 1,500 resources before its creation.
 */
@QuarkusTest
@EnabledIfSystemProperty(named = "holdfast.screenshots", matches = "true")
class ScreenshotsTest extends ApplicationCase {
    private static final Path IMAGES = Path.of("docs/images");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int SERVICES = 105;

    private static final String NETWORK = PageWorld.document("Network", "main", """
        'cidrBlock':'10.40.0.0/16','zones':['a','b'],'tiers':['public','private','isolated'],'containerPorts':[80]""");
    private static final String INGRESS = PageWorld.document("Ingress", "main", "");
    private static final String CLUSTER = PageWorld.document("EcsCluster", "main", "");
    private static final String CACHE = PageWorld.document("Cache", "main", """
        'engine':'redis','engineVersion':'7.1','cacheNodeType':'cache.t4g.small','nodes':1,'alarms':false""");
    private static final String CDN = PageWorld.document("Cdn", "main", """
        'buckets':{'/media/*':{'bucket':'media'}},'originProtocolPolicy':'http-only','alarms':false""");
    private static final String MEDIA = PageWorld.document("Bucket", "media", "'bucketName':'shop-media-123456789012'");
    private static final String OLD_MEDIA =
            PageWorld.document("Bucket", "media-2024", "'bucketName':'shop-media-2024'");

    private record Shot(String name, int width, int height, String theme) {}

    private static final List<Shot> SHOTS = List.of(
            new Shot("light", 1280, 900, "light"),
            new Shot("dark", 1280, 900, "dark"),
            new Shot("phone", 390, 844, "light"));

    private static String service(String name, String image, int priority) {
        return PageWorld.document("Service", name, """
            'image':'public.ecr.aws/nginx/nginx:%s','port':80,'paths':['/%s/*'],'priority':%d,'healthCheckPath':'/',
            'environment':{'REDIS_HOST':'${Cache/main.endpoint}'},'container':{'readonlyRootFilesystem':false}
            """.formatted(image, name, priority));
    }

    /** @param more further documents */
    private static PageWorld shop(PageWorld world, String image, String... more) {
        List<String> documents = new ArrayList<>(List.of(more));
        documents.addAll(List.of(
                NETWORK,
                INGRESS,
                CLUSTER,
                CACHE,
                CDN,
                MEDIA,
                service("web", "stable", 100),
                service("api", image, 200)));
        return world.stack("shop", "'interval':'PT3S',", documents.toArray(String[]::new));
    }

    private static PageWorld large(PageWorld world) {
        List<String> documents = new ArrayList<>(
                List.of(NETWORK, INGRESS, CLUSTER, CACHE, CDN, MEDIA.replace("shop-media", "large-media")));
        for (int i = 1; i <= SERVICES; i++) {
            documents.add(service("service-" + i, "stable", i));
        }
        return world.stack("large", "'mode':'Observe','interval':'PT1H',", documents.toArray(String[]::new));
    }

    @Test
    void thePageInItsViews() {
        Browser.required();
        try (PageWorld world = new PageWorld(parts, 300)) {
            large(shop(world, "stable", OLD_MEDIA));
            try (Browser browser = Browser.start(root, world.profile())) {
                daemonWorksFor(world, world::operator, true);
                Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(view("shop")).isNotNull();
                    assertThat(Objects.requireNonNull(view("shop")).revisionErrors())
                            .isEmpty();
                    assertThat(converged("shop") && read("large"))
                            .as("%s", standing("shop"))
                            .isTrue();
                });
                somethingHappens(world, browser);
                // While the other stack was made, reads of this one may have timed out.
                running.engine().stacks().get("large").requestFull();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> Objects.requireNonNull(view("large"))
                                .conditions()
                                .isEmpty());

                take(browser, "shop", "");
                take(browser, "large", "-1500");
                for (Shot shot : SHOTS) {
                    browser.screen(shot.width(), shot.height(), shot.theme()).go("#/shop/resources/EcsService/api");
                    browser.one("#drawer[open] .told");
                    browser.screenshot(IMAGES.resolve("resource-" + shot.name() + ".webp"));
                    browser.open("#/").until("cards", b -> b.all(".cards > li").size() == 2);
                    browser.screenshot(IMAGES.resolve("stacks-" + shot.name() + ".webp"));
                }
            }
            daemon.stop(new ShutdownEvent());
        }
        assertThat(IMAGES).isDirectoryContaining(Files::isRegularFile);
    }

    private static void take(Browser browser, String stack, String suffix) {
        browser.open("#/" + stack + "/resources").one("table.tree");
        for (String view : StatusPageCase.VIEWS) {
            for (Shot shot : SHOTS) {
                browser.screen(shot.width(), shot.height(), shot.theme()).go("#/" + stack + "/" + view);
                browser.until(
                        view,
                        b -> b.one("section.view").getAttribute("aria-label").equals(view)
                                && !b.one("section.view").getText().matches("(?s).*(Reading|Laying).*"));
                browser.run("window.scrollTo(0, 0)");
                browser.screenshot(IMAGES.resolve(view + "-" + shot.name() + suffix + ".webp"));
            }
        }
    }

    private @Nullable StackView view(String name) {
        var stack = running.engine() == null ? null : running.engine().stacks().get(name);
        return stack == null ? null : stack.view();
    }

    private boolean converged(String name) {
        StackView view = view(name);
        return view != null && !view.resources().isEmpty() && view.converged();
    }

    /** The resources that are not Synced, for the message of a wait that fails. */
    private List<String> standing(String name) {
        return Objects.requireNonNull(view(name)).resources().values().stream()
                .filter(r -> r.status() != Status.Synced)
                .map(r -> r.id() + " " + r.status() + " " + r.message())
                .toList();
    }

    private boolean read(String name) {
        StackView view = view(name);
        return view != null && view.observedAt() != null && !view.resources().isEmpty();
    }

    private ResourceView first(String kind) {
        return Objects.requireNonNull(view("shop")).resources().values().stream()
                .filter(r -> r.id().kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** Opens a port and deletes an alarm as another principal, and publishes an image that cannot be pulled. */
    private void somethingHappens(PageWorld world, Browser browser) {
        OpenedPort.toInternet(world.aws(Ec2Client.class), first("SecurityGroup").physicalId(), 22);
        world.aws(CloudWatchClient.class)
                .deleteAlarms(r -> r.alarmNames(first("Alarm").physicalId()));
        running.engine().stacks().get("shop").requestFull();
        browser.open("#/shop/drift").says("Repaired in the last 24 hours").says("had been deleted in AWS");
        shop(world, "bad", "[]");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Objects.requireNonNull(view("shop")).resources().values().stream()
                        .anyMatch(r -> r.status() == Status.Stalled));
    }
}
