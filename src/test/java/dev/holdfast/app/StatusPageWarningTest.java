package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page shows the warning of a guardrail policy next to the step. */
@QuarkusTest
class StatusPageWarningTest extends ApplicationCase {
    private static final String GUARDRAILS = """
        {"apiVersion":"holdfast.dev/v1","kind":"Guardrails","spec":{"policies":[
          {"name":"logs-end","match":{"kinds":["LogGroup"]},"action":"warn",
           "expression":"has(desired.retentionInDays)","message":"logs %s are kept for ever"}]}}
        """.formatted(PageWorld.CANARY.replace("\"", "\\\""));

    @TempDir
    Path temp;

    @Test
    void aWarningStandsAtItsStepAndAtNoOther() throws IOException {
        Browser.required();
        Path rails = Files.writeString(temp.resolve("guardrails.json"), GUARDRAILS);
        try (Installation.Properties guarded =
                        new Installation.Properties(Map.of("HOLDFAST_GUARDRAILS", rails.toString()));
                PageWorld world = new PageWorld(parts, 1000)
                        .stack(
                                "warned",
                                "'mode':'Observe',",
                                PageWorld.vpc(),
                                PageWorld.document("LogGroup", "app", "'logGroupName':'/warned/app'"));
                Browser browser = Browser.start(root, world.profile())) {
            daemonWorksFor(world, world::operator, true);

            browser.open("#/warned/plan").says("Create LogGroup/app");

            assertThat(browser.one("article:has(a[href*='LogGroup/app'])").getText())
                    .contains("Warning", "logs-end: logs " + PageWorld.CANARY + " are kept for ever");
            assertThat(browser.one("article:has(a[href*='Vpc/main'])").getText())
                    .doesNotContain("Warning");
            assertThat(browser.run("return window.canary ?? null")).isNull();
            assertThat(browser.console()).isEmpty();
            daemon.stop(new ShutdownEvent());
        }
    }
}
