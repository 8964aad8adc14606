package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The common part of tests of the status page: one real browser, and a daemon that works on one twin. */
abstract class StatusPageCase extends ApplicationCase {
    /** The views of a stack, as in the address of the page. */
    static final List<String> VIEWS = List.of("map", "resources", "drift", "plan", "graph", "events", "revision");

    @RegisterExtension
    static final Extension CLOSES =
            (BeforeAllCallback) context -> atTheEnd = context.getRoot().getStore(Namespace.GLOBAL);

    private static @Nullable Store atTheEnd;

    PageWorld world;
    Browser browser;
    boolean complaintsExpected;

    /** Closed after the last test of all. */
    private record Shared(PageWorld world, Browser browser) implements AutoCloseable {
        @Override
        public void close() {
            browser.close();
            world.close();
        }
    }

    private Shared shared() {
        Browser.required();
        String fast = "'interval':'PT3S',";
        PageWorld made = new PageWorld(parts, 1000)
                .stack("shop", fast, PageWorld.vpc(), PageWorld.group("web"), PageWorld.alarm("shop", "drifting"))
                .stack("held", fast + "'limits':{'maxDeletes':0},", PageWorld.vpc(), PageWorld.alarm("held", "goes"))
                .stack("large", "'mode':'Observe','interval':'PT1H',", PageWorld.logGroups(PageWorld.MANY))
                .stack("wrong", fast, PageWorld.document("Vpc", "main", "'cidrBlok':'10.0.0.0/16'"));
        return new Shared(made, Browser.start(root, made.profile()));
    }

    @BeforeEach
    void start() {
        Shared shared = Objects.requireNonNull(atTheEnd).computeIfAbsent(Shared.class, key -> shared(), Shared.class);
        world = shared.world();
        browser = shared.browser();
        daemonWorksFor(world, world::operator, true);
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
        if (browser != null) {
            browser.asksNobodyElse();
            if (!complaintsExpected) {
                assertThat(browser.console()).isEmpty();
            }
            assertThat(browser.run("return window.canary ?? null")).isNull();
            browser.leave();
        }
    }

    static String axe() {
        try (InputStream script = StatusPageCase.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Object violations() {
        return violations(browser);
    }

    static Object violations(Browser browser) {
        return browser.await("""
            const done = arguments[0];
            axe.run().then(result => done(result.violations.map(v => v.id + ': ' + v.help + ': '
              + v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')).join('\\n')));\
            """);
    }
}
