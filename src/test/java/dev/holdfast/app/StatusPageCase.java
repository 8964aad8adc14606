package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.RunningEngine;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** What tests of the status page have in common: a real browser, and a daemon that works on a twin. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StatusPageCase {
    /** A boot of its own: the daemon under test is this one's. */
    public static final class Own implements QuarkusTestProfile {}

    @Inject
    CommandContext parts;

    @Inject
    Daemon daemon;

    @Inject
    RunningEngine running;

    @TestHTTPResource
    URI root;

    PageWorld world;
    Browser browser;
    boolean complaintsExpected;

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
}
