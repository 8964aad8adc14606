package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The page of an operator without a stack says why there is none, and does not complain on the browser's console. */
@QuarkusTest
class StatusPageNoStackTest extends ApplicationCase {
    @AfterEach
    void end() {
        daemon.stop(new ShutdownEvent());
    }

    @Test
    void nothingIsPublishedYet() {
        Browser.required();
        try (PageWorld world = new PageWorld(parts, 1000);
                Browser browser = Browser.start(root, world.profile())) {
            daemonWorksFor(world, world::operator, true);

            browser.open("").says("No stack yet");

            assertThat(browser.console()).isEmpty();
            world.stack("first", "", PageWorld.vpc());
            // The page of a single stack opens it by itself.
            browser.says("first");
            assertThat(browser.console()).isEmpty();
        }
    }

    @Test
    void theDesiredStateCannotBeRead() throws IOException, InterruptedException {
        Browser.required();
        try (Installation.Properties region = new Installation.Properties(Map.of("aws.region", PageWorld.REGION));
                PageWorld world = new PageWorld(parts, 1000);
                Browser browser = Browser.start(root, world.profile())) {
            daemonWorksFor(world, () -> world.operatorOf("s3://nobody-made-this/desired"), true);

            browser.open("").says("The desired state cannot be read.");

            assertThat(browser.one("main").getText()).contains("nobody-made-this");
            // The health checks are open to everybody.
            try (HttpClient http = HttpClient.newHttpClient()) {
                HttpResponse<String> health = http.send(
                        HttpRequest.newBuilder(root.resolve("/q/health/ready")).build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(health.statusCode()).isEqualTo(503);
                assertThat(health.body())
                        .contains("the desired state cannot be read")
                        .doesNotContain("nobody-made-this");
            }
            assertThat(browser.console()).isEmpty();
        }
    }
}
